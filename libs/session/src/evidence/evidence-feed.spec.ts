import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runMigrations } from '@trivet/database';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { faults, FaultTarget, RedisServer } from '@trivet/fault-kit';
import { sessionMigrations } from '../session.migrations.js';
import { join, load, signIn, type Member } from '../state.fixture.js';
import type { SessionClaim } from './evidence.js';

let redis: RedisServer;
let postgres: EmbeddedPostgres;
const members: Member[] = [];

beforeAll(async () => {
  redis = await RedisServer.start();
  postgres = await EmbeddedPostgres.start();
  await runMigrations(postgres.url, [sessionMigrations]);
});

afterEach(async () => {
  await Promise.all(members.splice(0).map((member) => member.close()));
  await redis.start();
});

afterAll(async () => {
  await redis?.stop();
  await postgres?.stop();
});

async function enter(): Promise<Member> {
  const member = await join(redis.url, { postgres: postgres.url });
  members.push(member);
  return member;
}

const until = (member: Member, wanted: 'up' | 'down') =>
  member.redis.reaches(({ reads }) => reads === wanted);

const claimOf = (member: Member, { sid, who }: Awaited<ReturnType<typeof signIn>>): SessionClaim => ({
  sidHash: member.state.keys.sid(sid),
  userHash: member.state.keys.user(who.userId),
  lineage: who.deviceId,
  startedAt: who.startedAt,
  verifiedAt: member.clock.now(),
});

/** Resolves when what one process ends reaches another by a message. */
async function hears(there: Member, here: Member, claim: SessionClaim): Promise<void> {
  for (let i = 0; ; i++) {
    await here.state.revocations.endUser(`probe-${i}`);
    if (there.state.feed.condemns({ ...claim, userHash: `probe-${i}` })) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a session that was ended', () => {
  it('is known to the process that ended it at once, and to another by the message', async () => {
    const [here, there] = [await enter(), await enter()];
    const ada = await signIn(here, 'ada');
    const claim = claimOf(here, ada);
    await hears(there, here, claim);
    expect(here.state.feed.judge(claim)).toBe('clear');
    const ending = here.state.revocations.endLineage(claim.userHash, claim.lineage);
    expect(here.state.feed.judge(claim)).toBe('revoked');
    await ending;
    while (there.state.feed.judge(claim) !== 'revoked') await new Promise((resolve) => setImmediate(resolve));
  });

  it('is known to another by the message also when Redis spoke nonsense as that one started', async () => {
    const target = await FaultTarget.of(redis);
    const undo = await faults.garbage.apply(target);
    const there = await join(target.url, {
      redis: { url: target.url, bootWaitMs: 100, probeIntervalMs: 20 },
    });
    await undo();
    await until(there, 'up');
    const here = await enter();
    await hears(there, here, claimOf(here, await signIn(here, 'ada')));
    await there.close();
    await target.proxy.close();
  });

  it('is known to another process by asking the mirror, with Redis dead', async () => {
    const [here, there] = [await enter(), await enter()];
    const claim = claimOf(here, await signIn(here, 'ada'));
    await redis.kill();
    await Promise.all([until(here, 'down'), until(there, 'down')]);
    expect(await here.state.revocations.endUser(claim.userHash)).toBeUndefined();
    await there.state.pulse.beat();
    expect(there.state.feed.judge(claim)).toBe('revoked');
  });

  it('is known to another process by asking Redis, with the mirror away', async () => {
    const mirrorless = await join(redis.url);
    const there = await join(redis.url);
    members.push(mirrorless, there);
    const claim = claimOf(there, await signIn(there, 'grace'));
    await mirrorless.state.revocations.endUser(claim.userHash);
    await there.state.pulse.beat();
    expect(there.state.feed.judge(claim)).toBe('revoked');
  });

  it('is pending when neither store has taken it: the caller hears of it, this process ends it, both are told later', async () => {
    const here = await join(redis.url);
    members.push(here);
    const ada = await signIn(here, 'ada');
    const claim = claimOf(here, ada);
    await redis.kill();
    await until(here, 'down');
    await expect(here.state.revocations.endSession(claim.sidHash)).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
    });
    expect(here.state.feed.judge(claim)).toBe('revoked');
    expect(here.state.feed.witness('redis')?.debt).toBeGreaterThan(0);
    await redis.start();
    await until(here, 'up');
    await here.state.pulse.settled();
    const there = await enter();
    expect(there.state.feed.judge(claim)).toBe('revoked');
  });

  it('is told to a Redis that missed it before that is believed again', async () => {
    const [here, there] = [await enter(), await enter()];
    const ada = await signIn(here, 'ada');
    redis.hang();
    await here.state.revocations.endSession(here.state.keys.sid(ada.sid)).catch(() => undefined);
    redis.resume();
    await until(here, 'up');
    await here.state.pulse.settled();
    await here.state.pulse.beat();
    expect(await redis.command('EXISTS', `sess:ended:sid:${here.state.keys.sid(ada.sid)}`)).toBe(1);
    expect((await there.store.lookUp(ada.sid)).kind).toBe('revoked');
  });

  it('is told to a mirror that missed it, by any process that knows', async () => {
    const mirrorless = await join(redis.url);
    members.push(mirrorless);
    const here = await enter();
    const claim = claimOf(here, await signIn(here, 'late'));
    await mirrorless.state.revocations.endUser(claim.userHash);
    await here.state.pulse.beat();
    here.clock.aheadMs = 4000; // Whoever ended it is given that long to tell the mirror.
    await here.state.pulse.beat();
    await redis.kill();
    const later = await enter();
    expect(later.state.feed.judge(claim)).toBe('revoked');
  });
});

describe('a process', () => {
  it('believes nobody before it has heard a store out', async () => {
    await redis.kill();
    const alone = await join(redis.url);
    members.push(alone);
    const claim = { sidHash: 's', userHash: 'u', lineage: 'l', startedAt: 1, verifiedAt: Date.now() };
    expect(alone.state.feed.judge(claim)).toBe('not-known');
    expect(alone.state.feed.feedAgeMs).toBe(Infinity);
    await redis.start();
    await until(alone, 'up');
    await alone.state.pulse.beat();
    expect(alone.state.feed.judge(claim)).toBe('clear');
  });

  it('believes only who was confirmed a minute ago once its feed is older than five seconds', async () => {
    const here = await enter();
    const claim = claimOf(here, await signIn(here, 'ada'));
    here.clock.aheadMs = 6000;
    expect(here.state.feed.judge(claim)).toBe('clear');
    here.clock.aheadMs = 61_000;
    expect(here.state.feed.judge(claim)).toBe('not-known');
    await here.state.pulse.beat();
    expect(here.state.feed.judge(claim)).toBe('clear');
  });

  it('ends everybody with one testimony, and nobody who signs in after', async () => {
    const [here, there] = [await enter(), await enter()];
    const ada = await signIn(here, 'ada');
    const underWay = await load(there, ada.sid);
    await here.state.revocations.endEverybody();
    Object.assign(underWay, { late: true });
    expect(await there.store.save(ada.sid, underWay)).toBe('gone');
    const grace = await signIn(here, 'grace');
    await there.state.pulse.beat();
    expect((await there.store.lookUp(ada.sid)).kind).toBe('revoked');
    expect((await there.store.lookUp(grace.sid)).kind).toBe('found');
  });

  it('says once that PostgreSQL refuses the evidence, as before the migrations, and works without it', async () => {
    const bare = await EmbeddedPostgres.start();
    const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const here = await join(redis.url, { postgres: bare.url });
    members.push(here);
    await here.state.pulse.beat();
    const told = errors.mock.calls.filter(([message]) => String(message).includes('sessionMigrations'));
    errors.mockRestore();
    await bare.stop();
    expect(told).toHaveLength(1);
    expect((await here.store.lookUp((await signIn(here, 'ada')).sid)).kind).toBe('found');
  });
});
