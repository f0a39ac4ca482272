import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import type { BreakerState } from '@trivet/redis';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { SessionData } from 'express-session';
import type { SessionSaveEvent } from '../session.events.js';
import { arrive, identity, join, load, secret, signIn, type Member } from '../state.fixture.js';

let redis: RedisServer;
let here: Member;
let there: Member;

beforeAll(async () => {
  redis = await RedisServer.start();
  here = await join(redis.url);
  there = await join(redis.url);
});

afterEach(async () => {
  await redis.command('CONFIG', 'SET', 'maxmemory', '0');
  await redis.command('REPLICAOF', 'NO', 'ONE');
  await whole(here, there);
});

afterAll(async () => {
  await here?.close();
  await there?.close();
  await redis?.stop();
});

/** Top-level calls of a kind since the last CONFIG RESETSTAT. */
async function calls(): Promise<Record<string, number>> {
  const text = String(await redis.command('INFO', 'commandstats'));
  const lines = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
  return Object.fromEntries(lines.map(([, name, n]) => [name, Number(n)] as [string, number]));
}

async function put(member: Member, sid: string, key: string, value: unknown): Promise<unknown> {
  const session = await load(member, sid);
  Object.assign(session, { [key]: value });
  return member.store.save(sid, session);
}

const isWhole = ({ reads, writes }: BreakerState) => reads === 'up' && writes === 'up';

async function whole(...members: Member[]): Promise<void> {
  for (const { redis: group } of members) {
    await group.reaches(isWhole);
    // A look at the server that was under way has been answered when this is, and may have seen it as it was.
    await group.attempt({ name: 'spec.ping', kind: 'read' }, (client) => client.ping());
    await group.reaches(isWhole);
  }
}

describe('writers of one session', () => {
  it('keeps all of 200 keys that 200 requests wrote at once', async () => {
    const { sid } = await signIn(here);
    const sessions = await Promise.all(
      Array.from({ length: 200 }, (_, i) => load(i % 2 ? here : there, sid)),
    );
    await Promise.all(
      sessions.map((session, i) => {
        Object.assign(session, { [`key-${i}`]: i });
        return (i % 2 ? here : there).store.save(sid, session);
      }),
    );
    const merged = (await load(there, sid)) as unknown as Record<string, unknown>;
    expect(Array.from({ length: 200 }, (_, i) => merged[`key-${i}`])).toEqual(Array.from(Array(200).keys()));
  });

  it('lets the last of two writers of the same key win, and counts the conflict', async () => {
    const { sid } = await signIn(here);
    await put(here, sid, 'lang', 'en');
    const events: SessionSaveEvent[] = [];
    const listener = (event: unknown) => events.push(event as SessionSaveEvent);
    const [first, second] = [await load(here, sid), await load(there, sid)];
    subscribe('trivet:session:save', listener);
    for (const [member, session, lang] of [
      [here, first, 'de'],
      [there, second, 'fr'],
    ] as [Member, SessionData, string][]) {
      Object.assign(session, { lang });
      await member.store.save(sid, session);
    }
    unsubscribe('trivet:session:save', listener);
    expect(events.map(({ conflicts }) => conflicts)).toEqual([0, 1]);
    expect(await load(here, sid)).toMatchObject({ lang: 'fr' });
  });

  it('removes the keys that a request removed, and leaves another one’s alone', async () => {
    const { sid } = await signIn(here);
    await put(here, sid, 'cart', ['tea']);
    const session = await load(here, sid);
    await put(there, sid, 'lang', 'en');
    delete (session as unknown as { cart?: unknown }).cart;
    await here.store.save(sid, session);
    const merged = await load(there, sid);
    expect(merged).toMatchObject({ lang: 'en' });
    expect(merged).not.toHaveProperty('cart');
  });

  it('counts the version of the record with every save', async () => {
    const { sid } = await signIn(here);
    await put(here, sid, 'a', 1);
    await put(there, sid, 'b', 1);
    expect(await here.store.lookUp(sid)).toMatchObject({ kind: 'found', record: { version: 3 } });
  });
});

describe('an ended session', () => {
  const endings: [string, (sid: string, who: ReturnType<typeof identity>) => Promise<unknown>][] = [
    ['destroyed', (sid) => here.store.destroy(sid)],
    [
      'revoked by its device',
      (_sid, who) => here.state.revocations.endLineage(here.state.keys.user(who.userId), who.deviceId),
    ],
    [
      'ended with all of its user',
      (_sid, who) => here.state.revocations.endUser(here.state.keys.user(who.userId)),
    ],
  ];

  it.each(endings)('is not brought back by a request under way when it was %s', async (_how, end) => {
    const { sid, who } = await signIn(here, `user-${Math.random()}`);
    const underWay = await load(there, sid);
    await end(sid, who);
    Object.assign(underWay, { late: true });
    expect(await there.store.save(sid, underWay)).toBe('gone');
    expect((await there.store.lookUp(sid)).kind).not.toBe('found');
  });

  it('is not brought back under its old id when it was rotated, and goes on under the new one', async () => {
    const { sid, who } = await signIn(here);
    const [request, underWay] = [await arrive(here, sid), await load(there, sid)];
    expect((await here.store.renew(request)).outcome).toBe('saved');
    Object.assign(underWay, { late: true });
    expect(await there.store.save(sid, underWay)).toBe('gone');
    expect(await load(there, request.sessionID)).toMatchObject({ identity: who });
  });

  it('takes along what other requests wrote before it was rotated', async () => {
    const { sid } = await signIn(here);
    await put(here, sid, 'theme', 'light');
    const request = await arrive(here, sid);
    Object.assign(request.session, { role: 'editor' });
    await put(there, sid, 'lang', 'fr');
    await put(there, sid, 'theme', 'dark');
    expect((await here.store.renew(request)).outcome).toBe('saved');
    expect(await load(there, request.sessionID)).toMatchObject({
      role: 'editor',
      lang: 'fr',
      theme: 'dark',
    });
  });

  it.each(endings)('is not rotated by a request under way when it was %s', async (_how, end) => {
    const { sid, who } = await signIn(here, `user-${Math.random()}`);
    const request = await arrive(there, sid);
    await end(sid, who);
    expect((await there.store.renew(request)).outcome).toBe('gone');
    expect((await there.store.lookUp(request.sessionID)).kind).not.toBe('found');
  });

  it('is rotated by one of two requests that want to', async () => {
    const { sid } = await signIn(here);
    const [first, second] = [await arrive(here, sid), await arrive(there, sid)];
    const outcomes = await Promise.all([here.store.renew(first), there.store.renew(second)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['gone', 'saved']);
  });

  it('is not even brought back by a store that knows nothing of it', async () => {
    const { sid, who } = await signIn(here);
    await (here.store.destroy(sid) as unknown as Promise<void>);
    const stranger = await join(redis.url);
    await stranger.store.set(sid, { identity: who } as SessionData);
    expect(await stranger.store.get(sid)).toBeNull();
    await stranger.close();
  });
});

describe('round trips', () => {
  const scripts = (stats: Record<string, number>) => (stats['evalsha'] ?? 0) + (stats['eval'] ?? 0);

  it('reads in one, which touches a session once a minute', async () => {
    const { sid } = await signIn(here);
    await redis.command('CONFIG', 'RESETSTAT');
    for (let i = 0; i < 10; i++) await here.store.get(sid);
    const quiet = await calls();
    expect(scripts(quiet)).toBe(10);
    expect(quiet).not.toHaveProperty('hset');
    here.clock.aheadMs += 61_000;
    for (let i = 0; i < 10; i++) await here.store.get(sid);
    const stats = await calls();
    here.clock.aheadMs = 0;
    expect(scripts(stats)).toBe(20);
    expect(stats['hset']).toBe(1);
  });

  it('ends an unmodified response, and one saved before, with none', async () => {
    const { sid, request } = await signIn(here);
    const session = await load(here, sid);
    await redis.command('CONFIG', 'RESETSTAT');
    await here.store.touch(sid, session);
    await here.store.set(sid, session);
    await here.store.set(request.sessionID, request.session);
    expect(scripts(await calls())).toBe(0);
  });

  it('signs in with one after the read, old session, index and limit included', async () => {
    const { request, who } = await signIn(here);
    await redis.command('CONFIG', 'RESETSTAT');
    await here.store.get(request.sessionID);
    await here.store.start(request, { identity: who });
    expect(scripts(await calls())).toBe(2);
  });

  it('lists and ends devices without SCAN or KEYS', async () => {
    const { who } = await signIn(here, 'lister');
    const [user, { state }] = [here.state.keys.user('lister'), here];
    const everything = async () => {
      await state.records.list(user);
      await state.revocations.endUser(user, who.deviceId);
      await state.pulse.beat();
    };
    await everything(); // The server knows the scripts from here on.
    await redis.command('CONFIG', 'RESETSTAT');
    await everything();
    const stats = await calls();
    expect(Object.keys(stats).filter((name) => /^(scan|keys|hscan|sscan|zscan)$/.test(name))).toEqual([]);
    expect(scripts(stats)).toBe(3);
  });

  it('sends scripts in full to a server that has forgotten them', async () => {
    const { sid } = await signIn(here);
    await redis.command('SCRIPT', 'FLUSH');
    expect(await here.store.get(sid)).not.toBeNull();
    await redis.command('CONFIG', 'RESETSTAT');
    await here.store.get(sid);
    expect(await calls()).not.toHaveProperty('eval');
  });
});

describe('a server that takes no writes', () => {
  const faults: [string, string[], string[]][] = [
    ['full', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
    ['read-only', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
    [
      'lonely',
      ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
      ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    ],
  ];

  it.each(faults)('still reads when it is %s, also when a touch is due', async (_state, fault, cure) => {
    const { sid } = await signIn(here);
    await redis.command(...(fault as [string]));
    here.clock.aheadMs = 61_000;
    const session = await here.store.get(sid);
    here.clock.aheadMs = 0;
    await redis.command(...(cure as [string]));
    expect(session).toMatchObject({ identity: { userId: 'user-17' } });
    await whole(here, there);
  });

  it.each(faults)('leaves nothing of a sign-in when it is %s', async (state, fault, cure) => {
    const user = `phantom of a ${state} server`;
    const { request, sid } = await signIn(here, user);
    await redis.command(...(fault as [string]));
    await expect(here.store.start(request, { identity: identity(user) })).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
    });
    await redis.command(...(cure as [string]));
    await whole(here, there);
    expect(await there.store.get(sid)).not.toBeNull();
    expect(await there.state.records.list(there.state.keys.user(user))).toHaveLength(1);
  });

  it('ends sessions even when it is full, and known to be', async () => {
    const { sid } = await signIn(here);
    const other = await signIn(here, 'user-full');
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
    await expect(put(there, sid, 'lang', 'en')).rejects.toMatchObject({ reason: 'oom' });
    expect(there.redis.state).toMatchObject({ reads: 'up', writes: 'down' });
    await (there.store.destroy(sid) as unknown as Promise<void>);
    expect(await redis.command('EXISTS', `sess:ended:sid:${here.state.keys.sid(sid)}`)).toBe(1);
    expect(await there.state.revocations.endUser(there.state.keys.user('user-full'))).toBe(1);
    expect(await here.store.lookUp(sid)).toMatchObject({ kind: 'revoked' });
    expect(await here.store.get(other.sid)).toBeNull();
  });
});

describe('timeouts', () => {
  it('ends a session that was idle, and one that is old, whatever its time to live in Redis says', async () => {
    const { sid } = await signIn(here);
    there.clock.aheadMs = 4 * 3_600_000 + 120_000;
    expect(await there.store.lookUp(sid)).toMatchObject({ kind: 'expired' });
    const old = await signIn(here, 'user-18', { startedAt: Date.now() - 12 * 3_600_000 + 60_000 });
    there.clock.aheadMs = 61_000;
    expect(await there.store.lookUp(old.sid)).toMatchObject({ kind: 'expired' });
    there.clock.aheadMs = 0;
  });

  it('lets a record live no longer than the absolute timeout allows', async () => {
    const { sid } = await signIn(here, 'user-18', { startedAt: Date.now() - 12 * 3_600_000 + 60_000 });
    const ttl = Number(await redis.command('PTTL', `sess:record:${here.state.keys.sid(sid)}`));
    expect(ttl).toBeGreaterThan(50_000);
    expect(ttl).toBeLessThanOrEqual(60_000);
  });
});

describe('at rest', () => {
  it('holds no session id, user id, name or value of anybody', async () => {
    const { sid, who } = await signIn(here, 'ada@trivet.localhost', {
      deviceLabel: 'Ada’s phone',
      csrfToken: 'csrf-0815',
    });
    await put(here, sid, 'cart', 'green tea');
    await here.state.revocations.endLineage(here.state.keys.user('nobody@trivet.localhost'), 'x');
    const dump = await everything();
    for (const secretThing of [sid, who.userId, 'Ada’s phone', 'csrf-0815', 'green tea', 'nobody@', secret])
      expect(dump).not.toContain(secretThing);
    expect(dump).toContain(here.state.keys.sid(sid));
  });

  it('takes no value that was moved from another record, or from another key', async () => {
    const [ada, eve] = [await signIn(here, 'ada'), await signIn(here, 'eve')];
    const key = ({ sid }: { sid: string }) => `sess:record:${here.state.keys.sid(sid)}`;
    const stolen = String(await redis.command('HGET', key(ada), '.identity'));
    await redis.command('HSET', key(eve), '.identity', stolen);
    expect(await here.store.get(eve.sid)).toBeNull();
    await redis.command('HSET', key(ada), '.cart', stolen);
    expect(await here.store.get(ada.sid)).not.toHaveProperty('cart');
  });

  it('does not take a key that it cannot open for one that was removed', async () => {
    const { sid } = await signIn(here);
    const key = `sess:record:${here.state.keys.sid(sid)}`;
    await redis.command('HSET', key, '.later', '7:sealed-with-a-key-of-tomorrow');
    await put(here, sid, 'lang', 'en');
    expect(await redis.command('HGET', key, '.later')).toBe('7:sealed-with-a-key-of-tomorrow');
  });

  async function everything(): Promise<string> {
    const texts: unknown[] = [];
    for (const key of (await redis.command('KEYS', '*')) as string[]) {
      const type = await redis.command('TYPE', key);
      const read: Record<string, string[]> = {
        hash: ['HGETALL', key],
        zset: ['ZRANGE', key, '0', '-1'],
        string: ['GET', key],
      };
      texts.push(key, await redis.command(...(read[String(type)] as [string])));
    }
    return JSON.stringify(texts);
  }
});

describe('a user’s sessions', () => {
  it('ends the oldest beyond the limit, with evidence', async () => {
    const limited = await join(redis.url, { maxSessionsPerUser: 3 });
    const sids: string[] = [];
    for (let i = 0; i < 5; i++) sids.push((await signIn(limited, 'many', { startedAt: Date.now() + i })).sid);
    const kinds = await Promise.all(sids.map(async (sid) => (await there.store.lookUp(sid)).kind));
    await limited.close();
    expect(kinds).toEqual(['revoked', 'revoked', 'found', 'found', 'found']);
  });

  it('keeps to the limit when many sign in at once', async () => {
    const limited = await join(redis.url, { maxSessionsPerUser: 3 });
    await Promise.all(Array.from({ length: 20 }, () => signIn(limited, 'crowd')));
    await limited.close();
    expect(await here.state.records.list(here.state.keys.user('crowd'))).toHaveLength(3);
  });

  it('leaves records that are gone out of the index, and puts back those that the index lost', async () => {
    const [gone, kept] = [await signIn(here, 'healed'), await signIn(here, 'healed')];
    const user = here.state.keys.user('healed');
    await redis.command('DEL', `sess:record:${here.state.keys.sid(gone.sid)}`);
    expect(await here.state.records.list(user)).toHaveLength(1);
    expect(await redis.command('ZCARD', `sess:user:${user}`)).toBe(1);
    await redis.command('DEL', `sess:user:${user}`);
    here.clock.aheadMs = 61_000;
    await here.store.get(kept.sid);
    here.clock.aheadMs = 0;
    expect(await here.state.records.list(user)).toHaveLength(1);
  });

  it('ends the others and spares the one that asks', async () => {
    const [own, other] = [await signIn(here, 'ada'), await signIn(there, 'ada')];
    const user = here.state.keys.user('ada');
    expect(await here.state.revocations.endUser(user, own.who.deviceId)).toBeGreaterThan(0);
    expect((await there.store.lookUp(own.sid)).kind).toBe('found');
    expect((await there.store.lookUp(other.sid)).kind).not.toBe('found');
  });

  it('lets a user in again who signs in after everything of theirs was ended', async () => {
    const user = here.state.keys.user('back');
    here.clock.aheadMs = 2000; // This process's clock is ahead, and its evidence is dated by it.
    await here.state.revocations.endUser(user);
    here.clock.aheadMs = 0;
    const { sid, outcome } = await signIn(here, 'back', { startedAt: here.state.feed.earliestStart(user) });
    expect(outcome).toBe('saved');
    expect((await there.store.lookUp(sid)).kind).toBe('found');
  });
});
