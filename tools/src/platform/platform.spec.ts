import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { isAlive, StandIn } from '../testing/stand-in.js';
import { Platform, type PlatformOptions } from './platform.js';

let standIn: StandIn;
const started: Platform[] = [];

beforeEach(() => {
  standIn = new StandIn();
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((platform) => platform.stop()));
  standIn.remove();
});

/** Stand-ins never ask the database, so most specs do without one. */
const databaseUrl = 'postgres://nobody@127.0.0.1:1/none';

async function start(options: PlatformOptions = {}): Promise<Platform> {
  const platform = await Platform.start({ root: standIn.root, databaseUrl, ...options });
  started.push(platform);
  return platform;
}

async function environmentOf(platform: Platform, app: 'dashboard' | 'learn' | 'worker') {
  return (await (await fetch(`${platform.management[app]}/env`)).json()) as Record<string, string>;
}

/** Resolves at the first line that matches. */
function lineIn(
  log: (take: (line: string, source: string) => void) => void,
  pattern: RegExp,
): Promise<string> {
  return new Promise((resolve) =>
    log((line, source) => pattern.test(line) && resolve(`${source} | ${line}`)),
  );
}

it('starts seven processes on free ports and ends them all', async () => {
  const { pids, stop } = await start({ databaseUrl: undefined }).then((platform) => ({
    pids: platform.pids,
    stop: () => platform.stop(),
  }));
  expect(Object.keys(pids).sort()).toEqual([
    'PostgreSQL',
    'cache Redis',
    'dashboard',
    'learn',
    'queue Redis',
    'session Redis',
    'worker',
  ]);
  expect(Object.values(pids).every(isAlive)).toBe(true);
  await stop();
  expect(Object.values(pids).filter(isAlive)).toEqual([]);
});

it('tells each app where it is, where its stores are, and the shared secrets', async () => {
  const platform = await start({ env: { LOG_LEVEL: 'debug' } });
  const [dashboard, learn, worker] = await Promise.all(
    (['dashboard', 'learn', 'worker'] as const).map((app) => environmentOf(platform, app)),
  );
  expect(dashboard).toMatchObject({
    NODE_ENV: 'development',
    LOG_LEVEL: 'debug',
    HOST: '127.0.0.1',
    PORT: String(platform.ports.dashboard),
    MANAGEMENT_HOST: '127.0.0.1',
    MANAGEMENT_PORT: String(platform.ports.dashboardManagement),
    DATABASE_URL: platform.databaseUrl,
    REDIS_SESSION_URL: platform.redis.session.url,
    REDIS_CACHE_URL: platform.redis.cache.url,
    REDIS_QUEUE_URL: platform.redis.queue.url,
    PUBLIC_URL_DASHBOARD: platform.urls.dashboard,
    PUBLIC_URL_LEARN: `http://learn.trivet.localhost:${platform.ports.learn}`,
    COOKIE_DOMAIN: 'trivet.localhost',
    COOKIE_SECRETS: expect.stringMatching(/^[\da-f]{64}$/),
    SESSION_KEY_SECRET: expect.stringMatching(/^[\da-f]{64}$/),
    SESSION_SEAL_KEYS: expect.stringMatching(/^[\da-f]{64}$/),
  });
  expect(dashboard?.NODE_OPTIONS).toBeUndefined();
  expect([learn?.PORT, worker?.PORT]).toEqual([String(platform.ports.learn), undefined]);
  expect(learn?.COOKIE_SECRETS).toBe(dashboard?.COOKIE_SECRETS);
});

it('keeps what must not be lost in an append-only file, and the cache in a bounded memory', async () => {
  const { redis } = await start();
  const settings = (group: keyof typeof redis) =>
    redis[group].command('CONFIG', 'GET', 'appendonly', 'appendfsync', 'maxmemory', 'maxmemory-policy');
  const pairs = async (group: keyof typeof redis) => (await settings(group)) as string[];
  expect(await pairs('session')).toEqual(
    expect.arrayContaining(['yes', 'everysec', '134217728', 'noeviction']),
  );
  expect(await pairs('queue')).toEqual(
    expect.arrayContaining(['yes', 'everysec', '134217728', 'noeviction']),
  );
  expect(await pairs('cache')).toEqual(expect.arrayContaining(['no', '67108864', 'allkeys-lfu']));
});

it('keeps data and secrets in a data directory', async () => {
  const dataDir = join(standIn.root, 'data');
  const first = await start({ dataDir });
  const { COOKIE_SECRETS } = await environmentOf(first, 'learn');
  await first.redis.session.command('SET', 'kept', '1');
  await first.stop();
  const second = await start({ dataDir });
  expect(await second.redis.session.command('GET', 'kept')).toBe('1');
  expect((await environmentOf(second, 'learn')).COOKIE_SECRETS).toBe(COOKIE_SECRETS);
});

it('starts an app again that ended by itself, and says so', async () => {
  const lines: ((line: string, source: string) => void)[] = [];
  const platform = await start({ log: (line, source) => lines.forEach((take) => take(line, source)) });
  const before = platform.pids.learn;
  const ended = lineIn((take) => lines.push(take), /ended with 7; starting it again in 0.5 s/);
  const back = lineIn((take) => lines.push(take), /started as/);
  await fetch(`${platform.management.learn}/crash`).catch(() => undefined);
  expect(await ended).toMatch(/^learn \|/);
  expect(await back).toMatch(/^learn \|/);
  expect(platform.pids.learn).not.toBe(before);
  expect(platform.logs('learn').filter((line) => line.startsWith('started as'))).toHaveLength(2);
});

it('restarts one app and leaves the others alone', async () => {
  const platform = await start();
  const before = platform.pids;
  await platform.restart('dashboard');
  expect((await fetch(`${platform.management.dashboard}/health/ready`)).status).toBe(200);
  const { dashboard, ...others } = platform.pids;
  expect(dashboard).not.toBe(before.dashboard);
  expect({ ...others, dashboard: before.dashboard }).toEqual(before);
});

it('names the app that ended before it was ready, with its lines, and leaves nothing running', async () => {
  standIn.write('apps/learn/dist/main.js', 'console.log("PORT: is missing"); process.exit(78)');
  const pids: number[] = [];
  const log = (line: string): void => {
    if (line.startsWith('started as')) pids.push(Number(line.split(' ')[2]));
  };
  await expect(start({ log })).rejects.toMatchObject({
    code: 'APP_START_FAILED',
    what: 'learn ended with 78 before it was ready',
    message: expect.stringContaining('PORT: is missing'),
  });
  expect(pids.filter(isAlive)).toEqual([]);
});

it('seeds only when asked to, and says why the migrations failed', async () => {
  const lines: string[] = [];
  const log = (line: string, source: string): void => void lines.push(`${source}: ${line}`);
  await (await start({ log })).stop();
  await (await start({ log, seed: false })).stop();
  expect(lines.filter((line) => line.startsWith('migrations'))).toEqual([
    'migrations: migrated --seed demo',
    'migrations: migrated ',
  ]);
  await expect(start({ env: { BREAK_MIGRATIONS: 'yes' } })).rejects.toThrow('no such table');
});

it('gives up while it starts when its signal says so', async () => {
  const abort = new AbortController();
  const log = (line: string): void => void (line.startsWith('migrated') && abort.abort());
  await expect(start({ log, signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
});
