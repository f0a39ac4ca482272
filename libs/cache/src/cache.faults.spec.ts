import { faults, FaultTarget, type Undo } from '@trivet/fault-kit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openCache, type CacheProcess } from './cache.fixture.js';
import type { Cache } from './cache.js';

/** Milliseconds: tells an answer from a hang. What an answer may cost is the chaos table's matter. */
const notAtAHang = 5000;

let target: FaultTarget;
let process: CacheProcess;
let cache: Cache;

beforeEach(async () => {
  target = await FaultTarget.start();
});

afterEach(async () => {
  process.close();
  await target.stop();
});

const tags = ['t'];
const operations: Record<string, () => Promise<unknown>> = {
  getOrSet: () => cache.getOrSet('cold', async () => 'from the origin', { tags }),
  'getOrSet of a known key': () => cache.getOrSet('known', async () => 'from the origin', { tags }),
  get: () => cache.get('known'),
  getMany: () => cache.getMany(['known', 'cold']),
  set: () => cache.set('other', 1, { tags }),
  delete: () => cache.delete('other'),
  deleteByTag: () => cache.deleteByTag('u'),
  'clear of a namespace': () => cache.namespace('n').clear(),
};

const slow2s = async ({ proxy }: FaultTarget): Promise<Undo> => proxy.delay({ ms: 2000 });

const ways: [string, (target: FaultTarget) => Promise<Undo>][] = [
  ...(
    ['refused', 'hung', 'halfOpen', 'readOnly', 'outOfMemory', 'wrongType', 'garbage', 'noReplicas'] as const
  ).map((name): [string, (target: FaultTarget) => Promise<Undo>] => [
    name,
    (where) => faults[name].apply(where),
  ]),
  ['slow by 2 s', slow2s],
];

const within = <T>(call: Promise<T>) =>
  Promise.race([
    call,
    new Promise<never>((_, reject) => setTimeout(reject, notAtAHang, new Error('hang')).unref()),
  ]);

describe.each([
  ['memory and Redis', {}],
  ['Redis alone', { memoryMaxBytes: 0 }],
])('a cache of %s', (_tiers, options) => {
  it.each(ways)(
    'takes every operation with Redis %s, gives the right value, and hits again after',
    async (_name, apply) => {
      process = await openCache(target.url, options);
      cache = process.cache;
      await cache.set('known', 'known', { tags });
      const undo = await apply(target);
      for (const [name, run] of Object.entries(operations)) {
        const result = await within(run());
        if (name === 'getOrSet') expect(result).toBe('from the origin');
        if (name === 'getOrSet of a known key') expect(['known', 'from the origin']).toContain(result);
      }
      await undo();
      await process.redis.reaches(({ writes }) => writes === 'up');
      await cache.getOrSet('later', async () => 1);
      expect((await cache.lookUp('later', async () => 2)).outcome).toBe('HIT');
    },
  );
});

it.each(['refused', 'hung', 'garbage'] as const)(
  'boots with Redis %s, and caches once it is there',
  async (name) => {
    const undo = await faults[name].apply(target);
    process = await openCache(target.url);
    expect(await within(process.cache.getOrSet('k', async () => 'from the origin'))).toBe('from the origin');
    await undo();
    await process.redis.reaches(({ writes }) => writes === 'up');
    await process.cache.set('k', 1);
    expect(await target.server.command('EXISTS', 'cache:k:k')).toBe(1);
  },
);

describe('with Redis away', () => {
  let undo: Undo;

  beforeEach(async () => {
    process = await openCache(target.url, { softTimeoutMs: 5000 });
    cache = process.cache;
    await cache.set('k', 'old', { tags });
    undo = await faults.refused.apply(target);
    await process.redis.reaches(({ reads }) => reads === 'down');
  });

  it('serves from memory for a moment, then asks the origin, because nobody tells of changes', async () => {
    process.clock.advance(1001);
    expect(await cache.lookUp('k', async () => 'new')).toEqual({ value: 'new', outcome: 'MISS' });
    expect(await cache.lookUp('k', async () => 'newer')).toEqual({ value: 'new', outcome: 'HIT' });
    process.clock.advance(1001);
    expect(await cache.getOrSet('k', async () => 'newer')).toBe('newer');
  });

  it('serves the last good value from memory while the origin is away as well', async () => {
    process.clock.advance(61_000);
    const failing = () => Promise.reject(new Error('The origin is down.'));
    expect(await cache.lookUp('k', failing)).toEqual({ value: 'old', outcome: 'STALE' });
  });

  it.each([
    ['delete', () => cache.delete('k')],
    ['deleteByTag', () => cache.deleteByTag('t')],
    ['clear', () => cache.clear()],
  ])('serves nothing that a %s has taken away', async (_what, invalidate) => {
    await invalidate();
    expect(await cache.getOrSet('k', async () => 'new', { tags })).toBe('new');
  });

  it('does not go back to what Redis has kept from before, once it has newer', async () => {
    process.clock.advance(1001);
    await cache.getOrSet('k', async () => 'new', { tags });
    await undo();
    await target.server.command('SET', 'cache:k:k', 'x 1 j y []\n"old"');
    await process.redis.reaches(({ writes }) => writes === 'up');
    process.clock.advance(1001);
    expect(await cache.getOrSet('k', async () => 'newest', { tags })).toBe('newest');
  });
});
