import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import type { PgTransactionConfig } from 'drizzle-orm/pg-core';
import { Database } from './database.js';
import { type DatabaseConnectionLostEvent, databaseConnectionLostChannel } from './database.events.js';
import { escapeLiteral } from './database.literal.js';
import { DatabaseModule } from './database.module.js';
import type { DatabaseOptions } from './database.options.js';
import { EmbeddedPostgres } from './embedded.js';

let server: EmbeddedPostgres;
const opened: Database[] = [];

beforeAll(async () => {
  server = await EmbeddedPostgres.start();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.onApplicationShutdown()));
});

afterAll(async () => {
  await server.stop();
});

function open(options: Partial<DatabaseOptions> = {}): Database {
  const database = new Database({ url: server.url, ...options });
  opened.push(database);
  return database;
}

async function whileStopped(pid: number, run: () => Promise<void>): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await run().finally(() => process.kill(pid, 'SIGCONT'));
}

it('boots while PostgreSQL is away, and answers when it is there', async () => {
  await server.stop();
  const moduleUnderTest = DatabaseModule.forRootAsync({ useFactory: () => ({ url: server.url }) });
  const app = await Test.createTestingModule({ imports: [moduleUnderTest] }).compile();
  const database = app.get(Database);
  await expect(database.ping(1_000)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  server = await EmbeddedPostgres.start({ port: server.port });
  await expect(database.ping(1_000)).resolves.toBeUndefined();
  await app.close();
});

it('keeps what a transaction did, and drops what one that failed did', async () => {
  const database = open();
  await database.execute(sql`create table kept (n int)`);
  await database.transaction((tx) => tx.execute(sql`insert into kept values (1)`));
  const failing = database.transaction(async (tx) => {
    await tx.execute(sql`insert into kept values (2)`);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect((await database.execute(sql`select n from kept`)).rows).toEqual([{ n: 1 }]);
});

it('begins a transaction with a statement, which stands and falls with it', async () => {
  const database = open();
  await database.execute(sql`create table claimed (id text primary key)`);
  const claim = (id: string) => `insert into claimed values (${escapeLiteral(id)}) on conflict do nothing`;
  expect(() => claim('a\0b')).toThrow('NUL');
  const quoted = `it's "so" \\ far`;
  const counted = [quoted, quoted].map((id) => database.transactionAfter(claim(id), async (_, rows) => rows));
  expect((await Promise.all(counted)).sort()).toEqual([0, 1]);
  const failing = database.transactionAfter(claim('failed'), () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  await expect(database.transactionAfter('select nonsense', async () => 1)).rejects.toMatchObject({
    code: 'DATABASE_QUERY_FAILED',
    sqlState: '42703',
  });
  expect((await database.execute(sql`select id from claimed`)).rows).toEqual([{ id: quoted }]);
});

it('rejects a transaction that PostgreSQL undoes because an error in it was caught', async () => {
  const database = open();
  const undone = database.transaction((tx) => tx.execute(sql`select nonsense`).catch(() => 'fine'));
  await expect(undone).rejects.toMatchObject({ code: 'DATABASE_TRANSACTION_ABORTED' });
  const spared = database.transaction(async (tx) => {
    await tx.transaction((inner) => inner.execute(sql`select nonsense`)).catch(() => undefined);
    return (await tx.execute(sql`select 1 as n`)).rows;
  });
  await expect(spared).resolves.toEqual([{ n: 1 }]);
});

it('takes what a transaction is to be like', async () => {
  const database = open();
  const isolation = sql`select current_setting('transaction_isolation') as level`;
  const levelOf = async (config?: PgTransactionConfig) =>
    (await database.transaction((tx) => tx.execute(isolation), config)).rows[0];
  expect(await levelOf({ isolationLevel: 'serializable' })).toEqual({ level: 'serializable' });
  expect(await levelOf()).toEqual({ level: 'read committed' });
});

it('names the constraint but no value when a statement is refused', async () => {
  const database = open();
  await database.execute(sql`create table t (n text primary key)`);
  await database.execute(sql`insert into t values (${'secret'})`);
  const error: unknown = await database
    .execute(sql`insert into t values (${'secret'})`)
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'DATABASE_QUERY_FAILED', sqlState: '23505', constraint: 't_pkey' });
  expect(JSON.stringify([String(error), error, (error as Error).cause])).not.toContain('secret');
});

it('survives a restart of PostgreSQL and says which connections it lost', async () => {
  const database = open({ applicationName: 'spec' });
  await database.ping(1_000);
  const lost = new Promise<DatabaseConnectionLostEvent>((resolve) =>
    databaseConnectionLostChannel.subscribe((event) => resolve(event as DatabaseConnectionLostEvent)),
  );
  await server.stop();
  expect((await lost).applicationName).toBe('spec');
  server = await EmbeddedPostgres.start({ port: server.port });
  await expect(database.ping(1_000)).resolves.toBeUndefined();
});

it('rejects a transaction whose connection is cut between two statements', async () => {
  const database = open();
  const cut = database.transaction(async (tx) => {
    const [row] = (await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows;
    await database.execute(sql`select pg_terminate_backend(${row?.pid}, 1000)`);
    await tx.execute(sql`select 1`);
  });
  await expect(cut).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  await expect(database.ping(1_000)).resolves.toBeUndefined();
});

it('rejects a statement that runs longer than allowed', async () => {
  const database = open({ statementTimeoutMs: 50 });
  await expect(database.execute(sql`select pg_sleep(5)`)).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
  });
});

it('does not wait for the disk where it need not', async () => {
  // A spec's server does not wait either, so what is looked at is who said so.
  const setting = sql`select setting, source from pg_settings where name = 'synchronous_commit'`;
  const durable = open();
  const hasty = durable.beside({ durableCommits: false });
  opened.push(hasty);
  expect((await hasty.execute(setting)).rows).toEqual([{ setting: 'off', source: 'client' }]);
  expect((await durable.execute(setting)).rows).not.toMatchObject([{ source: 'client' }]);
});

it('bounds a call to a server that hangs, does not reuse its connection, and shuts down', async () => {
  const database = open({ maxConnections: 1, statementTimeoutMs: 100 });
  const [row] = (await database.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows;
  await whileStopped(row?.pid ?? 0, async () => {
    const hung = database.transaction((tx) => tx.execute(sql`select 1`));
    await expect(hung).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await expect(database.ping(1_000)).resolves.toBeUndefined();
    await opened.pop()?.onApplicationShutdown();
  });
});

it('gives up a ping at its deadline', async () => {
  const database = open();
  await whileStopped(server.pid, () => expect(database.ping(50)).rejects.toThrow('no answer in 50 ms'));
});

it('hears what is said on a channel, also after its connection was lost, until it is stopped', async () => {
  const database = open({ applicationName: 'listening' });
  let told = 0;
  let next: () => void = () => undefined;
  const heard = () => new Promise<void>((resolve) => (next = resolve));
  const connected = heard();
  const stop = database.listen('spec_channel', () => {
    told += 1;
    next();
  });
  await connected;
  const said = heard();
  await database.execute(sql`select pg_notify('spec_channel', '')`);
  await said;
  const back = heard();
  await database.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'listening-listen'`);
  await back;
  await stop();
  const before = told;
  await database.execute(sql`select pg_notify('spec_channel', '')`);
  expect(told).toBe(before);
});

it('gives a pool of its own, which one that is used up does not starve', async () => {
  const database = open({ maxConnections: 1 });
  const beside = database.beside({ maxConnections: 1 });
  opened.push(beside);
  await database.transaction(async () => {
    await expect(database.ping(50)).rejects.toThrow('no answer in 50 ms');
    await expect(beside.ping(1_000)).resolves.toBeUndefined();
  });
});

it('names the option that is wrong', () => {
  expect(() => new Database({ url: server.url, maxConnections: 0 })).toThrow('`maxConnections`');
  expect(() => new Database({ url: 'mysql://x' })).toThrow('`url`: expected a postgres:// URL');
});
