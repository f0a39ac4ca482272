import { RedisServer } from '@trivet/fault-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openCache, Origin, type CacheProcess } from '../cache.fixture.js';
import type { Cache } from '../cache.js';

let server: RedisServer;
let one: CacheProcess;
let other: CacheProcess;
let origin: Origin;

beforeAll(async () => {
  server = await RedisServer.start();
});

afterAll(() => server.stop());

beforeEach(async () => {
  await server.command('FLUSHALL');
  one = await openCache(server.url);
  other = await openCache(server.url);
  origin = new Origin();
});

afterEach(() => {
  one.close();
  other.close();
});

const tags = ['t'];
const ways: [string, (cache: Cache) => Promise<void>][] = [
  ['delete', (cache) => cache.delete('k')],
  ['deleteByTag', (cache) => cache.deleteByTag('t')],
  ['clear', (cache) => cache.clear()],
];

describe.each([
  ['the same process', () => one],
  ['another process', () => other],
])('during a load, in %s', (_where, who) => {
  it.each(ways)('%s wins over the load', async (_way, invalidate) => {
    const begun = origin.begun();
    const early = one.cache.getOrSet('k', origin.loadSlowly, { tags });
    await begun;
    await invalidate(who().cache);
    origin.value = 'second';
    const begunAgain = origin.begun();
    origin.finish();
    await begunAgain;
    origin.finish();
    expect(await early).toBe('second');
    for (const { cache } of [one, other]) {
      expect(await cache.getOrSet('k', origin.load, { tags })).toBe('second');
    }
  });

  it('set wins over the load, and its callers get what was set', async () => {
    const begun = origin.begun();
    const early = one.cache.getOrSet('k', origin.loadSlowly, { tags });
    await begun;
    await who().cache.set('k', 'set', { tags });
    origin.finish();
    expect(await early).toBe('set');
    for (const { cache } of [one, other]) expect(await cache.get('k')).toBe('set');
    expect(origin.runs).toBe(1);
  });

  it('a caller who comes after the invalidation does not join the load', async () => {
    const begun = origin.begun();
    const early = one.cache.getOrSet('k', origin.loadSlowly, { tags });
    await begun;
    const finishOld = origin.finish.bind(origin);
    await who().cache.delete('k');
    origin.value = 'second';
    expect(await other.cache.getOrSet('k', origin.load, { tags })).toBe('second');
    finishOld();
    expect(await early).toBe('second');
  });
});

it('is not undone by a process whose load outlives its lease', async () => {
  const begun = origin.begun();
  const early = one.cache.getOrSet('k', origin.loadSlowly);
  await begun;
  await server.command('DEL', 'cache:l:k');
  expect(await other.cache.getOrSet('k', async () => 'newer')).toBe('newer');
  origin.finish();
  expect(await early).toBe('newer');
  expect(await other.cache.get('k')).toBe('newer');
});

it('loads once for both processes', async () => {
  const begun = origin.begun();
  const first = one.cache.getOrSet('k', origin.loadSlowly);
  await begun;
  const second = other.cache.lookUp('k', origin.load);
  origin.finish();
  expect([await first, await second]).toEqual(['first', { value: 'first', outcome: 'HIT' }]);
  expect(origin.runs).toBe(1);
});

it('loads itself when the other process takes too long', async () => {
  const impatient = await openCache(server.url, { leaseWaitMs: 30 });
  const begun = origin.begun();
  const first = one.cache.getOrSet('k', origin.loadSlowly);
  await begun;
  expect(await impatient.cache.getOrSet('k', async () => 'own')).toBe('own');
  origin.finish();
  expect(await first).toBe('own');
  impatient.close();
});
