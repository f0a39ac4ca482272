import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appEnvironment } from '../platform/launch.js';
import { readSecrets } from '../platform/secrets.js';
import { findRun } from '../supervisor/control.js';
import { dataDirOf, type Run } from '../supervisor/run-file.js';
import { groupNames, mapNames, workspaceRoot } from '../workspace.js';

const script = 'apps/dashboard/dist/sessions.js';

/**
 * `npm run sessions`: ends sessions of the platform that runs here, else of the one that the environment describes. Resolves to
 * the exit code.
 */
export async function sessions(args: readonly string[], root = workspaceRoot): Promise<number> {
  const run = await findRun(root);
  const env = run ? environmentOf(run, root) : process.env;
  const child = spawn(process.execPath, [script, ...args], { cwd: root, env, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** What the dashboard of a running platform was started with. */
function environmentOf({ ports, databaseUrl }: Run, root: string): NodeJS.ProcessEnv {
  const redisUrls = mapNames(groupNames, (group) => `redis://127.0.0.1:${ports[`${group}Redis`]}/0`);
  const secrets = readSecrets(dataDirOf(root));
  const stores = { databaseUrl, redisUrls, mail: { smtpUrl: `smtp://127.0.0.1:${ports.smtp}` } };
  return appEnvironment('dashboard', { ports, stores, secrets, env: {} });
}
