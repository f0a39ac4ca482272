import { faults, FaultTarget, RedisServer } from '@trivet/fault-kit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BreakerState } from './breaker.js';
import { GuardedRedis } from './guarded-redis.js';
import { next } from './redis.fixture.js';
import { RedisUnavailableError } from './redis.errors.js';

/** Milliseconds: tells an answer from a hang. What an answer may cost is the chaos table's matter. */
const notAtAHang = 1500;

const read = { name: 'spec.read', kind: 'read' } as const;
const write = { name: 'spec.write', kind: 'write' } as const;

const whole = (state: BreakerState) => state.writes === 'up';
const gone = (state: BreakerState) => state.reads === 'down';

async function refusal(work: Promise<unknown>): Promise<RedisUnavailableError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RedisUnavailableError);
  return error as RedisUnavailableError;
}

describe('GuardedRedis', () => {
  let server: RedisServer;
  let guarded: GuardedRedis;
  const ping = () => guarded.attempt(read, (redis) => redis.ping());
  const set = () => guarded.attempt(write, (redis) => redis.set('k', 'v'));

  beforeEach(async () => {
    server = await RedisServer.start();
    guarded = new GuardedRedis({ group: 'spec', url: server.url, healthIntervalMs: 100, bootWaitMs: 2000 });
    await guarded.open();
  });

  afterEach(async () => {
    guarded.close();
    await server.stop();
  });

  it('answers while Redis is well', async () => {
    await set();
    expect(await guarded.attempt(read, (redis) => redis.get('k'))).toBe('v');
    expect(guarded.state).toEqual({ reads: 'up', writes: 'up' });
  });

  it('refuses at once when Redis was killed, and answers again when it is back, without a restart', async () => {
    const down = guarded.reaches(gone);
    await server.kill();
    await down;
    expect(await refusal(ping())).toMatchObject({
      code: 'REDIS_UNAVAILABLE',
      group: 'spec',
      operation: 'spec.read',
    });
    await server.start();
    await guarded.reaches(whole);
    expect(await ping()).toBe('PONG');
  });

  it('waits for a hung Redis no longer than the deadline, then does not wait at all', async () => {
    server.hang();
    const startedAt = performance.now();
    const first = await refusal(guarded.attempt({ ...read, deadlineMs: 60 }, (redis) => redis.ping()));
    expect(['deadline', 'breaker-open']).toContain(first.reason);
    expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
    await guarded.reaches(gone);
    expect((await refusal(ping())).reason).toBe('breaker-open');
    server.resume();
    await guarded.reaches(whole);
    expect(await ping()).toBe('PONG');
  });

  it('finds a hung Redis by itself, without a request', async () => {
    server.hang();
    await guarded.reaches(gone);
    expect(guarded.state.reads).toBe('down');
    server.resume();
  });

  describe('long before the next health check', () => {
    let patient: GuardedRedis;
    const unanswered = () =>
      patient.attempt<unknown>(
        { ...read, deadlineMs: 1 },
        () => new Promise(() => undefined),
        () => undefined,
      );

    beforeEach(async () => {
      const options = { healthIntervalMs: 600_000, deadlinesToOpen: 1000 };
      patient = new GuardedRedis({ group: 'spec', url: server.url, ...options });
      await patient.open();
      await server.command('REPLICAOF', '127.0.0.1', '1');
    });

    afterEach(() => patient.close());

    it('looks when one call has got no answer', async () => {
      await unanswered();
      await patient.reaches(({ writes }) => writes === 'down');
      expect(patient.state).toMatchObject({ reads: 'up', reason: 'readonly' });
    });

    it('looks while call after call gets no answer', async () => {
      const calls = setInterval(() => void unanswered(), 10);
      await patient.reaches(({ writes }) => writes === 'down').finally(() => clearInterval(calls));
      expect(patient.state).toMatchObject({ reads: 'up', reason: 'readonly' });
    });
  });

  it('keeps reading from a full Redis and refuses writes', async () => {
    await set();
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    expect((await refusal(set())).reason).toMatch(/oom|breaker-open/);
    expect(await guarded.attempt(read, (redis) => redis.get('k'))).toBe('v');
    expect(guarded.state).toMatchObject({ reads: 'up', writes: 'down', reason: 'oom' });
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    await guarded.reaches(whole);
    await set();
  });

  it('keeps reading from a demoted Redis and refuses writes', async () => {
    await set();
    await server.command('REPLICAOF', '127.0.0.1', '1');
    expect((await refusal(set())).reason).toMatch(/readonly|breaker-open/);
    expect(await guarded.attempt(read, (redis) => redis.get('k'))).toBe('v');
    await server.command('REPLICAOF', 'NO', 'ONE');
    await guarded.reaches(whole);
    await set();
  });

  it('blames a wrong type on the key alone', async () => {
    await set();
    expect((await refusal(guarded.attempt(read, (redis) => redis.lrange('k', 0, 1)))).reason).toBe(
      'wrong-type',
    );
    expect(guarded.state.reads).toBe('up');
  });

  it('gives the fallback’s answer instead of an error', async () => {
    const down = guarded.reaches(gone);
    await server.kill();
    await down;
    expect(
      await guarded.attempt(
        read,
        (redis) => redis.get('k'),
        () => 'from elsewhere',
      ),
    ).toBe('from elsewhere');
  });

  it('lets a bug of the caller stay a bug', async () => {
    const bug = new TypeError('not a Redis matter');
    await expect(
      guarded.attempt(
        read,
        () => Promise.reject(bug),
        () => 'hidden',
      ),
    ).rejects.toBe(bug);
  });

  it('has its raw connections back soon after Redis has loaded, whenever that was to be', async () => {
    const behind = await FaultTarget.of(server);
    const raw = guarded.connectionFor('producer');
    await next(raw, 'ready');
    const again = next(raw, 'connect');
    const undo = await faults.loading.apply(behind);
    await again;
    await sleep(100); // It has asked whether Redis is ready, and has been told to come back much later.
    const ready = next(raw, 'ready');
    await undo();
    const startedAt = performance.now();
    await ready;
    expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
    await behind.proxy.close();
  });

  it('closes at once while Redis hangs', async () => {
    server.hang();
    const raw = guarded.connectionFor('producer');
    const ended = next(raw, 'end');
    guarded.close();
    await ended;
    server.resume();
  });
});

describe('a boot without Redis', () => {
  it('takes no longer than its share, and serves as soon as Redis is there', async () => {
    const server = await RedisServer.start();
    await server.kill();
    const guarded = new GuardedRedis({ group: 'spec', url: server.url, bootWaitMs: 200 });
    const startedAt = performance.now();
    await guarded.open();
    expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
    expect(guarded.state.reads).toBe('down');
    await server.start();
    await guarded.reaches(whole);
    expect(await guarded.attempt(read, (redis) => redis.ping())).toBe('PONG');
    guarded.close();
    await server.stop();
  });
});
