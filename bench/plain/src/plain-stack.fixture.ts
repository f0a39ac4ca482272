import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { academyMigrations, seedCourses, seedDemoAccounts } from '@trivet/academy';
import { Database, runMigrations } from '@trivet/database';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { freePort, RedisServer } from '@trivet/fault-kit';

const POLL_MS = 50;
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export interface PlainStack {
  readonly ports: Readonly<Record<'dashboard' | 'learn', number>>;
  /** Ends the stack, then its stores. Resolves to the stack's exit code. */
  stop(): Promise<number | null>;
}

/** The built stack over stores of its own. */
export async function startPlainStack(): Promise<PlainStack> {
  const [postgres, session, cache, queue] = await Promise.all([
    EmbeddedPostgres.start(),
    RedisServer.start(),
    RedisServer.start(),
    RedisServer.start(),
  ]);
  await seed(postgres.url);
  const ports = { dashboard: await freePort(), learn: await freePort() };
  const env = {
    PATH: process.env['PATH'],
    PORT_DASHBOARD: String(ports.dashboard),
    PORT_LEARN: String(ports.learn),
    COOKIE_SECRETS: 'c'.repeat(32),
    DATABASE_URL: postgres.url,
    REDIS_SESSION_URL: session.url,
    REDIS_CACHE_URL: cache.url,
    REDIS_QUEUE_URL: queue.url,
  };
  const stack = spawn(process.execPath, [main], { env, stdio: 'inherit' });
  const exited = once(stack, 'exit');
  const stop = async (): Promise<number | null> => {
    stack.kill('SIGTERM');
    await exited;
    await Promise.all([postgres, session, cache, queue].map((store) => store.stop()));
    return stack.exitCode;
  };
  for (const port of Object.values(ports)) while (!(await isUp(port))) await sleep(POLL_MS);
  return { ports, stop };
}

async function seed(url: string): Promise<void> {
  await runMigrations(url, [academyMigrations]);
  const database = new Database({ url });
  await seedCourses(database);
  await seedDemoAccounts(database);
  await database.onApplicationShutdown();
}

const isUp = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
