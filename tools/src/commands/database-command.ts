import { readSettings } from '../env.js';
import { findRun } from '../supervisor/control.js';
import { workspaceRoot } from '../workspace.js';
import { runScript } from './run-script.js';

/** Runs a script of the worker on DATABASE_URL, else on the running platform's database. Resolves to the exit code. */
export async function databaseCommand(
  script: string,
  args: readonly string[],
  root = workspaceRoot,
): Promise<number> {
  const databaseUrl = readSettings(root).databaseUrl ?? (await findRun(root))?.databaseUrl;
  if (databaseUrl === undefined) {
    process.stderr.write('There is no database: start the platform with `npm start`, or set DATABASE_URL.\n');
    return 2;
  }
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  return runScript([script, ...args], { cwd: root, env });
}
