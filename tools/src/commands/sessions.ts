import { appEnvironment } from '../platform/launch.js';
import { readSecrets } from '../platform/secrets.js';
import { findRun } from '../supervisor/control.js';
import { dataDirOf, type Run } from '../supervisor/run-file.js';
import { groupNames, mapNames, workspaceRoot } from '../workspace.js';
import { runScript } from './run-script.js';

const script = 'apps/dashboard/dist/sessions.js';

/**
 * `npm run sessions`: ends sessions of the platform that runs here, else of the one that the environment describes. Resolves to
 * the exit code.
 */
export async function sessions(args: readonly string[], root = workspaceRoot): Promise<number> {
  const run = await findRun(root);
  const env = run ? environmentOf(run, root) : process.env;
  return runScript([script, ...args], { cwd: root, env });
}

/** What the dashboard of a running platform was started with. */
function environmentOf({ ports, databaseUrl }: Run, root: string): NodeJS.ProcessEnv {
  const redisUrls = mapNames(groupNames, (group) => `redis://127.0.0.1:${ports[`${group}Redis`]}/0`);
  const secrets = readSecrets(dataDirOf(root));
  const stores = { databaseUrl, redisUrls, mail: { smtpUrl: `smtp://127.0.0.1:${ports.smtp}` } };
  return appEnvironment('dashboard', { ports, stores, secrets, env: {} });
}
