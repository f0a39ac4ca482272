import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, runMigrations } from '@trivet/database';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { sql } from 'drizzle-orm';
import { queueMigrations } from '../queue.migrations.js';
import { GroupCommit } from './group-commit.js';
import { OutboxClaims } from './outbox-claims.js';
import { OutboxRoom } from './outbox-room.js';
import type { NewOutboxRow } from './outbox-row.js';

let server: EmbeddedPostgres;
let database: Database;

beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await runMigrations(server.url, [queueMigrations]);
  database = new Database({ url: server.url });
});

beforeEach(() => database.execute(sql`truncate queue.outbox, queue.done_jobs, queue.dead_letters`));

afterAll(async () => {
  await database?.onApplicationShutdown();
  await server?.stop();
});

const row = (id: string, payload: unknown = {}): NewOutboxRow => ({
  id,
  queue: 'q',
  job: 'j',
  envelope: { version: 1, payload },
  delayMs: 0,
  isPartial: false,
});

async function stored(): Promise<string[]> {
  const { rows } = await database.execute<{ id: string }>(sql`select id from queue.outbox order by id`);
  return rows.map(({ id }) => id);
}

describe('group commit', () => {
  it('writes the adds that are in flight together in few statements', async () => {
    const commit = new GroupCommit(database);
    const before = await transactions();
    await Promise.all(Array.from({ length: 300 }, (_, at) => commit.add([row(`a${at}`)], 5000)));
    expect((await stored()).length).toBe(300);
    expect((await transactions()) - before).toBeLessThan(30);
  });

  it('does not let one add that PostgreSQL refuses take its neighbours with it', async () => {
    const commit = new GroupCommit(database);
    const adds = await Promise.allSettled([
      commit.add([row('a')], 5000),
      commit.add([{ ...row('b'), job: 'with a \u0000' }], 5000),
      commit.add([row('c')], 5000),
    ]);
    expect(adds.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(adds[1]).toMatchObject({ reason: { code: 'OUTBOX_UNAVAILABLE', reason: 'refused' } });
    expect(await stored()).toEqual(['a', 'c']);
  });

  it('keeps the first row of an id, and any string that JSON can hold', async () => {
    const commit = new GroupCommit(database);
    await commit.add([row('a', { text: 'first \u0000 \ud800' })], 5000);
    await commit.add([row('a', { text: 'second' })], 5000);
    const [claimed] = await new OutboxClaims(database).claim(['q'], 10);
    expect(JSON.parse(claimed?.payload ?? '')).toEqual({ text: 'first \u0000 \ud800' });
  });
});

async function transactions(): Promise<number> {
  await database.execute(sql`select pg_stat_force_next_flush()`);
  const { rows } = await database.execute<{ seq: string }>(sql`select txid_current()::text as seq`);
  return Number(rows[0]?.seq);
}

describe('claims', () => {
  it('give each row to one worker, and to another when the lease has run out', async () => {
    const claims = new OutboxClaims(database);
    const commit = new GroupCommit(database);
    await commit.add(
      Array.from({ length: 20 }, (_, at) => row(`a${at}`)),
      5000,
    );
    const taken = (await Promise.all([claims.claim(['q'], 15), claims.claim(['q'], 15)])).flat();
    expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
    await claims.claim(['q'], 20);
    expect(await claims.claim(['q'], 20)).toEqual([]);
    await database.execute(
      sql`update queue.outbox set leased_until = now() - interval '1 second' where id = 'a3'`,
    );
    expect((await claims.claim(['q'], 20)).map(({ id }) => id)).toEqual(['a3']);
  });

  it('make a sent row wait again unless its job is done', async () => {
    const claims = new OutboxClaims(database);
    await new GroupCommit(database).add([row('done'), row('lost')], 5000);
    await claims.markSent(['done', 'lost']);
    await database.execute(sql`insert into queue.done_jobs (id, job) values ('done', 'j')`);
    expect(await claims.unsend(await claims.now())).toBe(1);
    expect((await claims.claim(['q'], 10)).map(({ id }) => id)).toEqual(['lost']);
    expect(await claims.removeDone()).toBe(1);
  });

  it('forget old jobs in the ledger, and not young ones', async () => {
    await database.execute(sql`
      insert into queue.done_jobs (id, job, done_at) values ('old', 'j', now() - interval '15 days'), ('new', 'j', now())`);
    expect(await new OutboxClaims(database).forgetDone(14)).toBe(1);
  });
});

describe('room', () => {
  it('is refused to the less important first, and taken back when the outbox empties', async () => {
    let now = 0;
    const room = new OutboxRoom(database, { maxRows: 10, maxBytes: 1e6 }, () => now);
    const full = expect.objectContaining({ code: 'OUTBOX_UNAVAILABLE', reason: 'full' });
    const take = (importance: 'low' | 'normal' | 'high') => {
      try {
        room.take('q', importance, 1);
        return 'taken';
      } catch (error) {
        return error;
      }
    };
    room.take('q', 'low', 5);
    expect([take('low'), take('normal')]).toEqual([full, 'taken']);
    room.take('q', 'normal', 2);
    expect([take('normal'), take('high'), take('high'), take('high')]).toEqual([
      full,
      'taken',
      'taken',
      full,
    ]);
    now = 5000;
    const emptied = async () => {
      take('low');
      await database.ping(1000);
      return take('low') === 'taken';
    };
    for (let tries = 0; tries < 100 && !(await emptied()); tries += 1);
    expect(take('low')).toBe('taken');
  });
});
