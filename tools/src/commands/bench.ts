import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot } from '../workspace.js';
import { runVisibly } from './tasks.js';

/** A name that no bench has. */
export class UnknownBenchError extends Error {
  readonly code = 'UNKNOWN_BENCH';
  override readonly name = 'UnknownBenchError';

  constructor(name: string, known: readonly string[]) {
    super(`There is no bench \`${name}\`. Usage: npm run bench -- [${known.join('|')}]`);
  }
}

/**
 * The scripts of a bench: `session.mjs` and its further parts `session-login.mjs`, or `queue/bench.mjs` and `queue/bench-relay.mjs` of
 * one that is a package; without a name all of them.
 *
 * @throws UnknownBenchError
 */
export function scriptsOf(name: string | undefined, files: readonly string[]): string[] {
  const scripts = files.filter((file) => /^([^/]+\.mjs|[^/]+\/bench(-[^/]+)?\.mjs)$/.test(file)).sort();
  if (name === undefined) return scripts;
  const nameOf = (file: string): string => file.replace(/[-./].*$/, '');
  const own = scripts.filter((file) => nameOf(file) === name);
  if (own.length > 0) return own;
  throw new UnknownBenchError(name, [...new Set(scripts.map(nameOf))]);
}

/** `npm run bench [-- NAME]`: runs the scripts one after the other. Resolves to 0 when all of them ended well. */
export async function bench([name]: readonly string[], root = workspaceRoot): Promise<number> {
  const failed: string[] = [];
  for (const script of scriptsOf(name, await filesBelow(join(root, 'bench')))) {
    console.log(`\n${script}`);
    if (!(await runVisibly([process.execPath, join('bench', script)], root))) failed.push(script);
  }
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
}

/** Names of the files and folders of a folder, and of those one below. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const inFolders = folders.map(async (name) =>
    (await readdir(join(folder, name))).map((file) => `${name}/${file}`),
  );
  return [...entries.map(({ name }) => name), ...(await Promise.all(inFolders)).flat()];
}
