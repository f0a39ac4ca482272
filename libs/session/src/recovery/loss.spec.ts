import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Database, runMigrations } from '@trivet/database';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { FaultTarget, faults } from '@trivet/fault-kit';
import { sql } from 'drizzle-orm';
import { sessionMigrations } from '../session.migrations.js';
import { join, signIn, type Member } from '../state.fixture.js';
import type { LostRecord, Rehydration } from '../records/session-records.js';

let postgres: EmbeddedPostgres;
let database: Database;
let target: FaultTarget;
let here: Member;
let there: Member;

beforeAll(async () => {
  postgres = await EmbeddedPostgres.start();
  await runMigrations(postgres.url, [sessionMigrations]);
  database = new Database({ url: postgres.url });
});

beforeEach(async () => {
  await database.execute(sql`truncate session.evidence, session.heart`);
  target = await FaultTarget.start('standalone');
  here = await join(target.url, { postgres: postgres.url });
  there = await join(target.url, { postgres: postgres.url });
});

afterEach(async () => {
  await here.close();
  await there.close();
  await target.stop();
});

afterAll(async () => {
  await database?.onApplicationShutdown();
  await postgres?.stop();
});

type SignedIn = Awaited<ReturnType<typeof signIn>>;

/** What a browser still has of a session. */
function kept(member: Member, { sid, who }: SignedIn, more: Partial<LostRecord> = {}): LostRecord {
  const sidHash = member.state.keys.sid(sid);
  const owner = {
    userHash: member.state.keys.user(who.userId),
    lineage: who.deviceId,
    startedAt: who.startedAt,
  };
  const fields = member.state.codec.sealAll(sidHash, { identity: who });
  return { sidHash, owner, verifiedAt: who.startedAt, version: 1, fields, ...more };
}

const restore = (member: Member, session: SignedIn, more?: Partial<LostRecord>): Promise<Rehydration> =>
  member.state.records.rehydrate(kept(member, session, more));

/** Whether an absence that this process finds now may be a loss, for a session that was confirmed when it began. */
async function mayBeLost(member: Member, { sid, who }: SignedIn): Promise<boolean> {
  const found = await member.store.lookUp(sid);
  if (found.kind !== 'absent') throw new Error(`It is ${found.kind}.`);
  return who.startedAt <= found.lostBefore;
}

async function back(...members: Member[]): Promise<void> {
  for (const { redis, state } of members) {
    await redis.reaches(({ reads }) => reads === 'up');
    await state.pulse.settled();
  }
}

/** A minute later, when nobody suspects anything any more, and clocks that differ do not matter. */
async function later(...members: Member[]): Promise<void> {
  for (const { clock, state } of members) {
    clock.aheadMs += 9000;
    await state.pulse.beat();
  }
}

it('takes an ordinary absence for what it is, and restores nothing', async () => {
  await later(here, there);
  await later(here, there);
  const ada = await signIn(here, 'ada', { startedAt: here.clock.now() });
  await target.server.command('DEL', `sess:record:${here.state.keys.sid(ada.sid)}`);
  expect(await mayBeLost(here, ada)).toBe(false);
  expect(await restore(here, ada)).toBe('not-lost');
});

it('knows a FLUSHALL from the first reply after it, in every process, and restores', async () => {
  const ada = await signIn(here, 'ada');
  await target.server.command('FLUSHALL');
  expect(await mayBeLost(there, ada)).toBe(true);
  expect(await mayBeLost(here, ada)).toBe(true);
  expect(await restore(there, ada)).toBe('made');
  expect((await here.store.lookUp(ada.sid)).kind).toBe('found');
});

it('knows it in a process that was started after it, and for as long as a browser may take to come back', async () => {
  const ada = await signIn(here, 'ada');
  await target.server.command('FLUSHALL');
  await there.state.pulse.beat();
  const late = await join(target.url, { postgres: postgres.url });
  late.clock.aheadMs = 2 * 3_600_000;
  expect(await mayBeLost(late, ada)).toBe(true);
  await late.close();
});

it('knows an old dump, and restores what came after it', async () => {
  await target.snapshot();
  const ada = await signIn(here, 'ada', { startedAt: here.clock.now() });
  await later(here, there);
  await (
    await faults.oldDump.apply(target)
  )();
  await back(here, there);
  expect(await mayBeLost(there, ada)).toBe(true);
  expect(await restore(there, ada)).toBe('made');
});

it('does not take back what was ended after the dump, in Redis neither', async () => {
  const [ada, grace] = [await signIn(here, 'ada'), await signIn(here, 'grace')];
  await target.snapshot();
  await here.state.revocations.endSession(here.state.keys.sid(ada.sid));
  await there.state.revocations.endUser(there.state.keys.user('grace'));
  await (
    await faults.oldDump.apply(target)
  )();
  await back(here, there);
  for (const session of [ada, grace]) {
    expect((await there.store.lookUp(session.sid)).kind).toBe('revoked');
    expect(await restore(there, session)).toBe('revoked');
  }
  const late = await join(target.url);
  expect((await late.store.lookUp(ada.sid)).kind).toBe('revoked');
  await late.close();
});

it('does not restore anybody after a FLUSHALL whom revokeAll has ended', async () => {
  const ada = await signIn(here, 'ada');
  await target.server.command('FLUSHALL');
  await there.state.revocations.endEverybody();
  expect(await restore(here, ada)).toBe('revoked');
});

it('suspects, after a reconnection, that the last moments are lost, and no more once it knows better', async () => {
  await later(here, there);
  await later(here, there);
  const ada = await signIn(here, 'ada', { startedAt: here.clock.now() });
  await target.server.command('DEL', `sess:record:${here.state.keys.sid(ada.sid)}`);
  expect(await mayBeLost(here, ada)).toBe(false);
  here.state.heart.reconnected();
  expect(await mayBeLost(here, ada)).toBe(true);
  here.clock.aheadMs += 3100;
  expect(await mayBeLost(here, ada)).toBe(false);
});

it('tells the data set of a failover, for every process to see', async () => {
  await later(here, there);
  await later(here, there);
  const ada = await signIn(here, 'ada', { startedAt: here.clock.now() });
  await target.server.command('DEL', `sess:record:${here.state.keys.sid(ada.sid)}`);
  here.state.heart.failedOver();
  await here.state.pulse.beat();
  await there.state.pulse.beat();
  expect(await mayBeLost(there, ada)).toBe(true);
});

it('restores within the limits only', async () => {
  const ada = await signIn(here, 'ada');
  await target.server.command('FLUSHALL');
  await here.state.pulse.beat();
  const hours = 3_600_000;
  const { owner } = kept(here, ada);
  const now = here.clock.now();
  expect(await restore(here, ada, { verifiedAt: now - 5 * hours })).toBe('expired');
  expect(await restore(here, ada, { owner: { ...owner, startedAt: now - 13 * hours } })).toBe('expired');
  expect(await restore(here, ada, { verifiedAt: now + 60_000 })).toBe('not-lost');
});

it('lets the highest version win when several browsers’ tabs come back at once', async () => {
  const ada = await signIn(here, 'ada');
  await target.server.command('FLUSHALL');
  await here.state.pulse.beat();
  const replies = await Promise.all([2, 5, 3].map((version) => restore(here, ada, { version })));
  expect(replies).toEqual(['made', 'made', 'present']);
  expect(await there.store.lookUp(ada.sid)).toMatchObject({ record: { version: 5 } });
});

it('restores no more than 500 in a second', async () => {
  const ada = await signIn(here, 'ada');
  await target.server.command('FLUSHALL');
  await here.state.pulse.beat();
  await target.server.command('SET', 'sess:rehydrated', '500', 'PX', '60000');
  expect(await restore(here, ada)).toBe('busy');
});
