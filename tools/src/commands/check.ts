import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../workspace.js';
import { nx, prettier, runQuietly, type Task } from './tasks.js';

const manifests = 'tools/bin/check-manifests.mjs';

const checks: Readonly<Record<string, Task>> = {
  'project references': nx('sync:check'),
  'lint, with boundaries': nx('run-many', '-t', 'lint', '--parallel=2'),
  types: nx('run-many', '-t', 'typecheck', '--parallel=2'),
  format: prettier('--check', '.'),
  manifests: [process.execPath, manifests],
};

/** `npm run check`: runs every check, shows the output of those that fail. Resolves to the exit code. */
export async function check(root = workspaceRoot): Promise<number> {
  const wanted = Object.entries(checks).filter(
    ([title]) => title !== 'manifests' || existsSync(join(root, manifests)),
  );
  const failed: string[] = [];
  for (const [title, task] of wanted) {
    const startedAt = performance.now();
    const { isGood, output } = await runQuietly(task, root);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    console.log(`${isGood ? 'ok    ' : 'FAILED'} ${title} (${seconds} s)`);
    if (isGood) continue;
    console.log(output);
    failed.push(title);
  }
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
}
