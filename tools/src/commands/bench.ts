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
 * The scripts of a bench: `bench/cache.mjs`, and its further parts `bench/cache-tags.mjs`; without a name all of them.
 *
 * @throws UnknownBenchError
 */
export function scriptsOf(name: string | undefined, files: readonly string[]): string[] {
  const scripts = files.filter((file) => file.endsWith('.mjs')).sort();
  if (name === undefined) return scripts;
  const own = scripts.filter((file) => file === `${name}.mjs` || file.startsWith(`${name}-`));
  if (own.length > 0) return own;
  throw new UnknownBenchError(name, [...new Set(scripts.map((file) => file.replace(/[-.].*$/, '')))]);
}

/** `npm run bench [-- NAME]`: runs the scripts one after the other. Resolves to 0 when all of them ended well. */
export async function bench([name]: readonly string[], root = workspaceRoot): Promise<number> {
  const failed: string[] = [];
  for (const script of scriptsOf(name, await readdir(join(root, 'bench')))) {
    console.log(`\n${script}`);
    if (!(await runVisibly([process.execPath, join('bench', script)], root))) failed.push(script);
  }
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
}
