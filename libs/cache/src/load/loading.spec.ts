import { RedisServer } from '@trivet/fault-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openCache, Origin, type CacheProcess } from '../cache.fixture.js';
import type { Cache } from '../cache.js';

let server: RedisServer;
let process: CacheProcess;
let cache: Cache;
let origin: Origin;

const fails = new Error('the origin is down');
const failing = async () => {
  origin.runs += 1;
  throw fails;
};
const many = <T>(call: () => Promise<T>) => Array.from({ length: 100 }, call);
const minute = 60_000;

beforeAll(async () => {
  server = await RedisServer.start();
});

afterAll(() => server.stop());

beforeEach(async () => {
  await server.command('FLUSHALL');
  process = await openCache(server.url);
  cache = process.cache;
  origin = new Origin();
});

afterEach(() => process.close());

describe('a hundred callers of a cold key', () => {
  it('run the origin once and send Redis four commands', async () => {
    await cache.get('warm');
    await server.command('CONFIG', 'RESETSTAT');
    const lookups = await Promise.all(many(() => cache.lookUp('k', origin.load)));
    expect(new Set(lookups.map(({ value }) => value))).toEqual(new Set(['first']));
    expect(origin.runs).toBe(1);
    const stats = (await server.command('INFO', 'commandstats')) as string;
    expect(Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1])).toBeLessThanOrEqual(2);
  });

  it('run a failing origin once and all get its error', async () => {
    const settled = await Promise.allSettled(many(() => cache.getOrSet('k', failing)));
    expect(settled.every((each) => each.status === 'rejected' && each.reason === fails)).toBe(true);
    expect(origin.runs).toBe(1);
  });

  it('run a hanging origin once, get an error in time, and its value when it comes after all', async () => {
    const begun = origin.begun();
    const options = { hardTimeoutMs: 100 };
    const settled = Promise.allSettled(many(() => cache.getOrSet('k', origin.loadSlowly, options)));
    await begun;
    const codes = (await settled).map(
      (each) => each.status === 'rejected' && (each.reason as { code: string }).code,
    );
    expect(new Set(codes)).toEqual(new Set(['CACHE_LOAD_TIMEOUT']));
    const late = cache.getOrSet('k', origin.loadSlowly);
    origin.finish();
    expect(await late).toBe('first');
    expect(origin.runs).toBe(1);
  });

  it('run an origin that came to an error again when they ask later', async () => {
    await expect(cache.getOrSet('k', failing)).rejects.toBe(fails);
    expect(await cache.getOrSet('k', origin.load)).toBe('first');
  });
});

it('lets no hang pin a key for longer than said, and tells the hung run', async () => {
  const impatient = await openCache(server.url, { abandonMs: 50, leaseMs: 100 });
  let signal: AbortSignal | undefined;
  const hang = impatient.cache.getOrSet('k', (context) => {
    ({ signal } = context);
    return new Promise(() => undefined);
  });
  hang.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 60).unref());
  expect(await impatient.cache.getOrSet('k', origin.load)).toBe('first');
  expect(signal?.aborted).toBe(true);
  impatient.close();
});

describe('a value past its life', () => {
  beforeEach(async () => {
    await cache.set('k', 'old', { ttlSeconds: 60, graceSeconds: 600 });
    process.clock.advance(minute + 1);
  });

  it('is loaded anew', async () => {
    expect(await cache.lookUp('k', origin.load)).toEqual({ value: 'first', outcome: 'MISS' });
  });

  it('is nothing to get', async () => {
    expect(await cache.get('k')).toBeUndefined();
  });

  it('serves while the origin fails', async () => {
    expect(await cache.lookUp('k', failing)).toEqual({ value: 'old', outcome: 'STALE' });
  });

  it('serves while the origin is slow, and the slow answer serves the next caller', async () => {
    const options = { softTimeoutMs: 20, ttlSeconds: 600 };
    const begun = origin.begun();
    expect(await cache.lookUp('k', origin.loadSlowly, options)).toEqual({ value: 'old', outcome: 'STALE' });
    await begun;
    const next = cache.lookUp('k', origin.loadSlowly);
    origin.finish();
    expect((await next).value).toBe('first');
    expect(origin.runs).toBe(1);
  });

  it('serves no longer than its grace', async () => {
    process.clock.advance(10 * minute);
    await expect(cache.getOrSet('k', failing)).rejects.toBe(fails);
  });

  it('serves no caller who wants no grace', async () => {
    await expect(cache.getOrSet('k', failing, { graceSeconds: 0 })).rejects.toBe(fails);
  });

  it('serves at once while it is loaded behind the scenes, for those who want it so', async () => {
    const options = { revalidateSeconds: 30, ttlSeconds: 600 };
    const begun = origin.begun();
    expect(await cache.lookUp('k', origin.loadSlowly, options)).toEqual({ value: 'old', outcome: 'STALE' });
    await begun;
    const next = cache.lookUp('k', origin.load, { softTimeoutMs: 5000, ttlSeconds: 600 });
    origin.finish();
    expect((await next).value).toBe('first');
    expect(origin.runs).toBe(1);
  });

  it.each([
    ['waiting for it', {}],
    ['revalidating', { revalidateSeconds: 600 }],
  ])('asks a failing origin once per back-off window, when %s', async (_how, options) => {
    for (let i = 0; i < 5; i += 1) {
      expect(await cache.lookUp('k', failing, options)).toEqual({ value: 'old', outcome: 'STALE' });
      // A load behind the scenes ends on its own.
      await cache.lookUp('k', failing, { graceSeconds: 600 });
    }
    expect(origin.runs).toBe(1);
    process.clock.advance(5001);
    await server.command('DEL', 'cache:l:k');
    expect(await cache.getOrSet('k', failing, {})).toBe('old');
    expect(origin.runs).toBe(2);
  });

  it('is left alone by other processes too while the origin is in back-off', async () => {
    await cache.lookUp('k', failing);
    const other = await openCache(server.url);
    other.clock.advance(minute + 1);
    await other.cache.get('k');
    expect(await other.cache.lookUp('k', failing)).toEqual({ value: 'old', outcome: 'STALE' });
    expect(origin.runs).toBe(1);
    other.close();
  });

  it('serves after a restart of the process, from Redis', async () => {
    const restarted = await openCache(server.url);
    restarted.clock.advance(minute + 1);
    expect(await restarted.cache.lookUp('k', failing)).toEqual({ value: 'old', outcome: 'STALE' });
    restarted.close();
  });
});

describe('lives', () => {
  it('are cut short by up to a tenth, so that they do not end together', async () => {
    const jittered = await openCache(server.url, { jitter: 0.1, graceSeconds: 0 });
    for (let i = 0; i < 50; i += 1) await jittered.cache.set(`k${i}`, i, { ttlSeconds: 1000 });
    const lives = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => (await server.command('PTTL', `cache:k:k${i}`)) as number),
    );
    expect(Math.max(...lives)).toBeLessThanOrEqual(1_000_000);
    expect(Math.min(...lives)).toBeGreaterThan(890_000);
    expect(Math.max(...lives) - Math.min(...lives)).toBeGreaterThan(10_000);
    jittered.close();
  });
});
