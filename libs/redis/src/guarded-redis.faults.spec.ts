import { afterEach, describe, expect, it } from '@jest/globals';
import { faults, FaultTarget, RedisServer } from '@trivet/fault-kit';
import { readFile } from 'node:fs/promises';
import type { BreakerState } from './breaker.js';
import { GuardedRedis, type RedisOperation } from './guarded-redis.js';
import { RedisUnavailableError } from './redis.errors.js';

type Outcome = 'served' | 'refused';

/** What each fault leaves of a group, once it has been noticed. */
const table: readonly [keyof typeof faults, { readonly reads: Outcome; readonly writes: Outcome }][] = [
  ['refused', { reads: 'refused', writes: 'refused' }],
  ['hung', { reads: 'refused', writes: 'refused' }],
  ['blackHole', { reads: 'refused', writes: 'refused' }],
  ['slow', { reads: 'refused', writes: 'refused' }],
  ['reset', { reads: 'refused', writes: 'refused' }],
  ['truncated', { reads: 'refused', writes: 'refused' }],
  ['garbage', { reads: 'refused', writes: 'refused' }],
  ['noAuth', { reads: 'refused', writes: 'refused' }],
  ['maxClients', { reads: 'refused', writes: 'refused' }],
  ['loading', { reads: 'refused', writes: 'refused' }],
  ['readOnly', { reads: 'served', writes: 'refused' }],
  ['outOfMemory', { reads: 'served', writes: 'refused' }],
  ['noReplicas', { reads: 'served', writes: 'refused' }],
  // The server has forgotten the old connection; a new one works, and the probe opens it.
  ['halfOpen', { reads: 'served', writes: 'served' }],
  ['wrongType', { reads: 'served', writes: 'served' }],
  ['flushAll', { reads: 'served', writes: 'served' }],
  ['oldDump', { reads: 'served', writes: 'served' }],
  ['pubSubCut', { reads: 'served', writes: 'served' }],
];

const deadlineMs = 100;
/** Milliseconds: tells an answer from a hang. What an answer may cost is the chaos table's matter. */
const notAtAHang = 1500;
const read: RedisOperation = { name: 'spec.read', kind: 'read' };
const write: RedisOperation = { name: 'spec.write', kind: 'write' };

const ends: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function target(topology?: 'tls' | 'sentinel'): Promise<FaultTarget> {
  const started = await FaultTarget.start(topology);
  ends.push(() => started.stop());
  return started;
}

async function guard(url: string, ca?: string): Promise<GuardedRedis> {
  const guarded = new GuardedRedis({
    group: 'spec',
    url,
    deadlineMs,
    healthIntervalMs: 100,
    probeIntervalMs: 50,
    ...(ca ? { ca } : {}),
  });
  ends.push(() => guarded.close());
  await guarded.open();
  return guarded;
}

const stateOf =
  ({ reads, writes }: { reads: Outcome; writes: Outcome }) =>
  (state: BreakerState) =>
    state.reads === (reads === 'served' ? 'up' : 'down') &&
    state.writes === (writes === 'served' ? 'up' : 'down');

/** Makes one call and says how it ended; it must end in time, and only in one of two ways. */
async function outcome(guarded: GuardedRedis, operation: RedisOperation): Promise<Outcome> {
  const startedAt = performance.now();
  const key = 'a-key-of-our-own';
  const work = guarded.attempt<unknown>(operation, (redis) =>
    operation.kind === 'read' ? redis.get(key) : redis.set(key, 'v'),
  );
  const result = await work.then(
    () => 'served' as const,
    (error: unknown) => {
      expect(error).toBeInstanceOf(RedisUnavailableError);
      return 'refused' as const;
    },
  );
  expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
  return result;
}

describe.each(table)('the fault %s', (name, expected) => {
  it('in mid-flight: every call ends in time, and the group is whole again after', async () => {
    const behind = await target();
    const guarded = await guard(behind.url);
    const undo = await faults[name].apply(behind);
    // Whatever the first calls meet, they end in time; they are what the breaker learns from.
    for (let i = 0; i < 4; i += 1) {
      await Promise.all([outcome(guarded, read), outcome(guarded, write)]);
    }
    await guarded.reaches(stateOf(expected));
    expect(await outcome(guarded, read)).toBe(expected.reads);
    expect(await outcome(guarded, write)).toBe(expected.writes);
    await undo();
    await guarded.reaches(stateOf({ reads: 'served', writes: 'served' }));
    expect(await outcome(guarded, write)).toBe('served');
  });

  it('at boot: the app starts, and the group is whole after', async () => {
    const behind = await target();
    const undo = await faults[name].apply(behind);
    const startedAt = performance.now();
    const guarded = await guard(behind.url);
    expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
    await guarded.reaches(stateOf(expected));
    expect(await outcome(guarded, read)).toBe(expected.reads);
    expect(await outcome(guarded, write)).toBe(expected.writes);
    await undo();
    await guarded.reaches(stateOf({ reads: 'served', writes: 'served' }));
  });
});

describe('the server behind a group', () => {
  it.each([
    ['flushAll', 'data-loss'],
    ['readOnly', 'demotion'],
  ] as const)('is told to have changed after %s: %s', async (name, change) => {
    const behind = await target();
    const guarded = await guard(behind.url);
    const told = new Promise((resolve) => guarded.onChange(resolve));
    // A demoted server is found by the first write, or by the next look.
    const undo = await faults[name].apply(behind);
    if (name === 'readOnly') await outcome(guarded, write);
    expect(await told).toBe(change);
    await undo();
  });

  it('is not told to have changed after a restart that kept its data', async () => {
    const server = await RedisServer.start({ appendOnly: true });
    ends.push(() => server.stop());
    const guarded = await guard(server.url);
    const changes: string[] = [];
    guarded.onChange((change) => changes.push(change));
    await outcome(guarded, write);
    await server.kill();
    await guarded.reaches(stateOf({ reads: 'refused', writes: 'refused' }));
    await server.start();
    await guarded.reaches(stateOf({ reads: 'served', writes: 'served' }));
    expect(changes).toEqual([]);
  });
});

describe('a jittery network', () => {
  it('lets every call end in time, one way or the other', async () => {
    const behind = await target();
    const guarded = await guard(behind.url);
    const undo = await faults.jittery.apply(behind);
    for (let i = 0; i < 10; i += 1) await outcome(guarded, read);
    await undo();
    await guarded.reaches(stateOf({ reads: 'served', writes: 'served' }));
  });
});

describe('behind Sentinel', () => {
  it('follows a failover to the new master', async () => {
    const behind = await target('sentinel');
    const guarded = await guard(behind.url);
    await guarded.reaches(stateOf({ reads: 'served', writes: 'served' }));
    const changes: string[] = [];
    guarded.onChange((change) => changes.push(change));
    const { cluster } = behind;
    const master = await cluster.master();
    // A mark that had reached no replica yet would be lost, and be told of.
    await master.replicatedTo(...cluster.servers.filter((server) => server !== master));
    const undo = await faults.failover.apply(behind);
    await guarded.reaches(stateOf({ reads: 'served', writes: 'served' }));
    let result = await outcome(guarded, write);
    for (let i = 0; i < 100 && result === 'refused'; i += 1) {
      await guarded.reaches(stateOf({ reads: 'served', writes: 'served' }));
      result = await outcome(guarded, write);
    }
    expect(result).toBe('served');
    expect(changes).toEqual(['failover']);
    expect(await (await cluster.master()).command('EXISTS', 'a-key-of-our-own')).toBe(1);
    await undo();
  }, 30_000);
});

describe('over TLS', () => {
  it('serves a group whose authority it is given, and refuses an expired certificate until it is renewed', async () => {
    const behind = await target('tls');
    const guarded = await guard(behind.url, await readFile(behind.tls.ca, 'utf8'));
    await guarded.reaches(stateOf({ reads: 'served', writes: 'served' }));
    expect(await outcome(guarded, write)).toBe('served');
    const undo = await faults.tlsExpired.apply(behind);
    await guarded.reaches(stateOf({ reads: 'refused', writes: 'refused' }));
    expect(await outcome(guarded, read)).toBe('refused');
    await undo();
    await guarded.reaches(stateOf({ reads: 'served', writes: 'served' }));
  }, 20_000);

  it('does not trust a server without the authority', async () => {
    const behind = await target('tls');
    const guarded = await guard(behind.url);
    expect(await outcome(guarded, read)).toBe('refused');
  });
});
