import { type AppName } from '../workspace.js';
import { type Ports } from './ports.js';
import { type Secrets } from './secrets.js';
import { type Stores } from './stores.js';

/** From what the apps run: their build, or their TypeScript, restarting when it changes. */
export type From = 'dist' | 'source';

/** Public addresses; `*.localhost` is loopback in every browser. */
export interface Urls {
  readonly dashboard: string;
  readonly learn: string;
}

export const publicUrls = (ports: Ports): Urls => ({
  dashboard: `http://dashboard.trivet.localhost:${ports.dashboard}`,
  learn: `http://learn.trivet.localhost:${ports.learn}`,
});

const fromSource = ['--conditions=@trivet/source', '--import', '@swc-node/register/esm-register'];

/** Arguments of `node` that serve an app. */
export function serveArguments(app: AppName, from: From): string[] {
  if (from === 'dist') return ['--enable-source-maps', `apps/${app}/dist/main.js`];
  return [
    '--watch',
    '--watch-preserve-output',
    '--enable-source-maps',
    ...fromSource,
    `apps/${app}/src/main.ts`,
  ];
}

/** Arguments of `node` that bring the database up to date. */
export function migrateArguments(from: From, seed: boolean): string[] {
  const script =
    from === 'dist' ? ['apps/worker/dist/migrate.js'] : [...fromSource, 'apps/worker/src/migrate.ts'];
  return [...script, ...(seed ? ['--seed', 'demo'] : [])];
}

/** What the environment of the apps is made of. */
export interface Surroundings {
  readonly ports: Ports;
  readonly stores: Pick<Stores, 'databaseUrl' | 'redisUrls'> & {
    readonly mail: { readonly smtpUrl: string };
  };
  readonly secrets: Secrets;
  /** Wins over everything else. */
  readonly env: Readonly<Record<string, string>>;
}

/** The variables that the apps and their migrations read. */
export function appEnvironment(
  app: AppName,
  { ports, stores, secrets, env }: Surroundings,
): NodeJS.ProcessEnv {
  const urls = publicUrls(ports);
  return {
    ...process.env,
    // Jest's flags for its own process.
    NODE_OPTIONS: undefined,
    NODE_ENV: 'development',
    MANAGEMENT_HOST: '127.0.0.1',
    MANAGEMENT_PORT: String(ports[`${app}Management`]),
    DATABASE_URL: stores.databaseUrl,
    REDIS_SESSION_URL: stores.redisUrls.session,
    REDIS_CACHE_URL: stores.redisUrls.cache,
    REDIS_QUEUE_URL: stores.redisUrls.queue,
    HOST: '127.0.0.1',
    ...(app !== 'worker' && { PORT: String(ports[app]) }),
    PUBLIC_URL_DASHBOARD: urls.dashboard,
    PUBLIC_URL_LEARN: urls.learn,
    COOKIE_DOMAIN: 'trivet.localhost',
    SMTP_URL: stores.mail.smtpUrl,
    MAIL_FROM: 'Trivet Academy <academy@trivet.localhost>',
    ...secrets,
    ...env,
  };
}
