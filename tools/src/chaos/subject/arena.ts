import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { FaultTarget, type Topology } from '@trivet/fault-kit';
import { Client } from 'pg';
import { runToEnd } from '../../platform/run-to-end.js';
import { groupSettings, type RedisUrls } from '../../platform/stores.js';
import { groupNames, mapNames, workspaceRoot, type GroupName } from '../../workspace.js';
import { extraAccounts, PASSWORD } from './accounts.js';
import { startOtherPlatform } from './other-platform.js';
import { startOurPlatform } from './our-platform.js';
import { type Subject } from './subject.js';

/** The stores, each Redis behind something that can break it, and the platform that uses them. */
export class Arena {
  private constructor(
    readonly targets: Readonly<Record<GroupName, FaultTarget>>,
    readonly subject: Subject,
    private readonly postgres: EmbeddedPostgres,
  ) {}

  /** Resolves once the platform is ready; leaves nothing behind when it rejects. */
  static async start(topology: Topology, command: string | undefined, signal: AbortSignal): Promise<Arena> {
    const started: { stop(): Promise<unknown> }[] = [];
    const keep = <T extends { stop(): Promise<unknown> }>(item: T): T => (started.push(item), item);
    try {
      const postgres = keep(await EmbeddedPostgres.start({}));
      await prepareDatabase(postgres.url, signal);
      const session = keep(await FaultTarget.start(topology, groupSettings.session));
      const cache = keep(await FaultTarget.start(topology, groupSettings.cache));
      const queue = keep(await FaultTarget.start(topology, groupSettings.queue));
      const targets = { session, cache, queue };
      const redisUrls: RedisUrls = mapNames(groupNames, (group) => targets[group].url);
      const ca = topology === 'tls' && trusting(await bundleOf(Object.values(targets)));
      const env = { LOG_FORMAT: 'json', ...ca };
      const surroundings = { redisUrls, databaseUrl: postgres.url, env, signal };
      const subject = await (command === undefined
        ? startOurPlatform(surroundings)
        : startOtherPlatform(command, surroundings));
      return new Arena(targets, subject, postgres);
    } catch (error) {
      await Promise.allSettled(started.map((item) => item.stop()));
      throw error;
    }
  }

  /** Nobody has a certificate any more, so that everybody can ask for one: a person gets only one for each course. */
  async forgetCertificates(): Promise<void> {
    const client = new Client({ connectionString: this.postgres.url });
    await client.connect();
    await client.query('delete from academy.certificates').finally(() => client.end());
  }

  async stop(): Promise<void> {
    await this.subject.stop();
    await Promise.all([...Object.values(this.targets), this.postgres].map((item) => item.stop()));
  }
}

/** For our apps, and for any other that leaves trust to Node. */
const trusting = (file: string) => ({ REDIS_CA_FILE: file, NODE_EXTRA_CA_CERTS: file });

/** Each target has a CA of its own, and the apps take one file: it lies beside the first and goes with it. */
async function bundleOf(targets: readonly FaultTarget[]): Promise<string> {
  const certificates = await Promise.all(targets.map(({ tls }) => readFile(tls.ca, 'utf8')));
  const file = join(dirname(targets[0]?.tls.ca ?? '.'), 'all-ca.pem');
  await writeFile(file, certificates.join('\n'));
  return file;
}

/** Tables, courses and everybody who will sign in. */
async function prepareDatabase(databaseUrl: string, signal: AbortSignal): Promise<void> {
  const env = { ...process.env, NODE_ENV: 'development', DATABASE_URL: databaseUrl };
  const migrate = ['apps/worker/dist/migrate.js', '--seed', 'demo'];
  const run = { cwd: workspaceRoot, env, log: () => undefined };
  await runToEnd({ ...run, name: 'migrations', args: migrate }, signal);
  for (const email of extraAccounts) {
    const args = ['apps/worker/dist/user.js', 'add', email];
    const child = spawn(process.execPath, args, {
      cwd: workspaceRoot,
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.end(PASSWORD);
    await once(child, 'exit');
  }
}
