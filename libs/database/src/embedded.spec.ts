import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded.js';

let parent: string;
let dataDir: string;
const started: EmbeddedPostgres[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'trivet-spec-'));
  dataDir = join(parent, 'postgres');
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
  await rm(parent, { recursive: true, force: true, maxRetries: 10 });
});

async function start(options?: { dataDir?: string; port?: number }): Promise<EmbeddedPostgres> {
  const server = await EmbeddedPostgres.start(options);
  started.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

it('answers on loopback only, and is gone after stop', async () => {
  const server = await start();
  expect(await query(server.url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  const [row] = (await query(server.url, 'show data_directory')) as [{ data_directory: string }];
  await server.stop();
  expect(existsSync(row.data_directory)).toBe(false);
  expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
});

it('keeps the data for the next start on the same directory', async () => {
  const first = await start({ dataDir });
  await query(first.url, 'create table kept as select 1 as n');
  await first.stop();
  const second = await start({ dataDir });
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
});

it('recovers a directory whose server was killed', async () => {
  const first = await start({ dataDir });
  await query(first.url, 'create table kept as select 1 as n');
  process.kill(first.pid, 'SIGKILL');
  await first.stop();
  expect(existsSync(join(dataDir, 'postmaster.pid'))).toBe(true);
  const second = await start({ dataDir });
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
});

it.each([
  ['a temporary server', () => ({})],
  ['one that is to end with it', () => ({ dataDir, endsWithUs: true })],
])('takes %s down with the process that started it', async (_, options) => {
  await (
    await leaveOrphan(options())
  ).ended;
});

it('ends the server that a killed run left behind, and takes its directory over', async () => {
  const orphan = await leaveOrphan({ dataDir });
  const server = await start({ dataDir });
  expect(await query(server.url, 'select n from kept')).toEqual([{ n: 1 }]);
  await orphan.ended;
});

it('refuses a directory that a living process serves', async () => {
  const server = await start({ dataDir });
  await expect(start({ dataDir })).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' });
  expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

it('says what PostgreSQL said when it does not come up', async () => {
  const { port } = await start();
  await expect(start({ dataDir, port })).rejects.toThrow('Address already in use');
});

/** Another Node process starts a server and is killed before it can stop it. */
async function leaveOrphan(options: EmbeddedPostgresOptions): Promise<{ ended: Promise<void> }> {
  const embedded = JSON.stringify(new URL('./embedded.ts', import.meta.url).href);
  const code = `const { EmbeddedPostgres } = await import(${embedded});
    console.log((await EmbeddedPostgres.start(${JSON.stringify(options)})).url);`;
  const loader = ['--import', '@swc-node/register/esm-register', '--conditions=@trivet/source'];
  const args = [...loader, '--input-type=module', '-e', code];
  const starter = spawn(process.execPath, args, {
    env: { ...process.env, TMPDIR: parent },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(starter.stdout, 'data')) as [Buffer];
  const client = new Client({ connectionString: url.toString().trim() });
  client.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  await client.connect();
  await client.query('create table kept as select 1 as n');
  starter.kill('SIGKILL');
  await once(starter, 'exit');
  return { ended };
}
