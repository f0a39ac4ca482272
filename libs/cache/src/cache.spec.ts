import { RedisServer } from '@trivet/fault-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openCache, Origin, type CacheProcess } from './cache.fixture.js';
import type { Cache } from './cache.js';
import { cacheMemoryChannel, type CacheMemoryEvent } from './cache.events.js';

let server: RedisServer;
let process: CacheProcess;
let cache: Cache;
let origin: Origin;

beforeAll(async () => {
  server = await RedisServer.start();
});

afterAll(() => server.stop());

afterEach(() => process.close());

/** What a process tells of its memory, within a second. */
const nextMemory = () =>
  new Promise<CacheMemoryEvent>((resolve) => {
    const hear = (message: unknown) => {
      cacheMemoryChannel.unsubscribe(hear);
      resolve(message as CacheMemoryEvent);
    };
    cacheMemoryChannel.subscribe(hear);
  });

const keys = async (pattern: string) => ((await server.command('KEYS', pattern)) as string[]).sort();

/** What must hold with memory in front of Redis and without. */
describe.each([
  ['memory and Redis', {}],
  ['Redis alone', { memoryMaxBytes: 0 }],
])('a cache of %s', (_tiers, options) => {
  beforeEach(async () => {
    await server.command('FLUSHALL');
    process = await openCache(server.url, options);
    cache = process.cache;
    origin = new Origin();
  });

  it('asks the origin once and says where each value came from', async () => {
    expect(await cache.lookUp('k', origin.load)).toEqual({ value: 'first', outcome: 'MISS' });
    expect(await cache.lookUp('k', origin.load)).toEqual({ value: 'first', outcome: 'HIT' });
    expect(origin.runs).toBe(1);
  });

  it.each([null, undefined, false, 0, '', 'text\nof two lines', [], { deep: [{ a: 'ü' }] }])(
    'caches %p like any other value',
    async (value) => {
      await cache.getOrSet('k', async () => value);
      expect(await cache.lookUp('k', origin.load)).toEqual({ value, outcome: 'HIT' });
    },
  );

  it('gets what was set, and nothing for what was not', async () => {
    await cache.set('k', { a: 1 });
    expect(await cache.get('k')).toEqual({ a: 1 });
    expect(await cache.get('other')).toBeUndefined();
  });

  it('gets those of many keys that are there', async () => {
    await cache.set('a', 1);
    await cache.set('c', 3);
    expect(await cache.getMany(['a', 'b', 'c'])).toEqual(
      new Map([
        ['a', 1],
        ['c', 3],
      ]),
    );
  });

  it('asks the origin again after an invalidation by key', async () => {
    await cache.getOrSet('k', origin.load);
    origin.value = 'second';
    await cache.delete('k', 'unknown');
    expect(await cache.getOrSet('k', origin.load)).toBe('second');
  });

  it('asks the origin again after an invalidation by any of its tags', async () => {
    const options = { tags: ['b', 'a', 'b'] };
    for (const tag of ['a', 'b']) {
      origin.value = tag;
      await cache.deleteByTag('unrelated', tag);
      expect(await cache.lookUp('k', origin.load, options)).toEqual({ value: tag, outcome: 'MISS' });
      expect(await cache.lookUp('k', origin.load, options)).toEqual({ value: tag, outcome: 'HIT' });
    }
  });

  it('knows an entry’s tags also where the caller does not', async () => {
    await cache.set('k', 'tagged', { tags: ['t'] });
    expect(await cache.get('k')).toBe('tagged');
    await cache.deleteByTag('t');
    expect(await cache.get('k')).toBeUndefined();
  });

  it('leaves the values of other tags alone', async () => {
    await cache.set('k', 'kept', { tags: ['other'] });
    await cache.deleteByTag('t');
    expect(await cache.get('k')).toBe('kept');
  });

  it('takes a lost version as an invalidation', async () => {
    await cache.set('k', 'old', { tags: ['t'] });
    await server.command('DEL', 'cache:t:t');
    await cache.set('another', 1, { tags: ['t'] });
    const another = await openCache(server.url, options);
    expect(await another.cache.get('k')).toBeUndefined();
    another.close();
  });

  it('keeps keys and tags of namespaces apart', async () => {
    const [courses, people] = [cache.namespace('courses'), cache.namespace('people')];
    await Promise.all([
      cache.set('k', 'root', { tags: ['t'] }),
      courses.set('k', 'course', { tags: ['t'] }),
      people.set('k', 'person', { tags: ['t'] }),
    ]);
    await courses.deleteByTag('t');
    const held = await Promise.all([cache.get('k'), courses.get('k'), people.get('k')]);
    expect(held).toEqual(['root', undefined, 'person']);
  });

  it('empties a namespace and those within it, and nothing else', async () => {
    const outer = cache.namespace('outer');
    const inner = outer.namespace('inner');
    await Promise.all([cache.set('k', 'root'), outer.set('k', 'outer'), inner.set('k', 'inner')]);
    await outer.clear();
    expect(await Promise.all([cache.get('k'), outer.get('k'), inner.get('k')])).toEqual([
      'root',
      undefined,
      undefined,
    ]);
  });

  it('empties itself at the price of one key', async () => {
    await server.command('SET', 'bull:jobs:1', 'a job');
    for (let i = 0; i < 20; i += 1) await cache.set(`k${i}`, i);
    const before = await keys('*');
    await cache.clear();
    expect(await cache.getMany(Array.from({ length: 20 }, (_, i) => `k${i}`))).toEqual(new Map());
    const after = await keys('*');
    expect(before.filter((key) => !after.includes(key))).toEqual(['cache:n']);
  });

  it.each([
    ['cut', 'x 1 j y []\n{"a":'],
    ['foreign', '{"value":1}'],
    ['empty', ''],
  ])('takes a %s value as a miss', async (_what, text) => {
    await server.command('SET', 'cache:k:k', text);
    expect(await cache.getOrSet('k', origin.load)).toBe('first');
    expect((await cache.lookUp('k', origin.load)).outcome).toBe('HIT');
  });

  it('takes a value whose text was cut as a miss', async () => {
    await cache.set('k', 'a long text');
    const stored = (await server.command('GET', 'cache:k:k')) as string;
    await server.command('SET', 'cache:k:k', stored.slice(0, -3));
    const another = await openCache(server.url, options);
    expect(await another.cache.lookUp('k', origin.load)).toEqual({ value: 'first', outcome: 'MISS' });
    another.close();
  });

  it.each(['cache:k:k', 'cache:l:k', 'cache:n', 'cache:t:t'])(
    'takes %s of another type as absent',
    async (name) => {
      await server.command('RPUSH', name, 'x');
      expect(await cache.getOrSet('k', origin.load, { tags: ['t'] })).toBe('first');
      expect((await cache.lookUp('k', origin.load, { tags: ['t'] })).outcome).toBe('HIT');
    },
  );

  it('packs what is long, and unpacks it', async () => {
    const long = 'trivet '.repeat(20_000);
    await cache.set('k', long);
    expect(await server.command('STRLEN', 'cache:k:k')).toBeLessThan(1000);
    const another = await openCache(server.url, options);
    expect(await another.cache.get('k')).toBe(long);
    another.close();
  });

  it.each([
    ['no JSON', 10n],
    ['too large', 'x'.repeat(5_000_000)],
  ])('hands out, but does not keep, what is %s', async (_what, value) => {
    await cache.set('k', 'old');
    await cache.set('k', value);
    expect(await cache.get('k')).toBeUndefined();
    expect(await cache.getOrSet('j', async () => value)).toBe(value);
    expect(await cache.get('j')).toBeUndefined();
    expect(await keys('cache:l:*')).toEqual([]);
  });

  it('keeps a value for its life and its grace, on the server', async () => {
    await cache.set('k', 1, { ttlSeconds: 7, graceSeconds: 5 });
    const left = (await server.command('PTTL', 'cache:k:k')) as number;
    expect([left > 11_000, left <= 12_000]).toEqual([true, true]);
  });

  it('lets no version end before the entries made under it', async () => {
    await cache.set('short', 1, { ttlSeconds: 1, tags: ['t'] });
    await cache.set('long', 1, { ttlSeconds: 5000, tags: ['t'] });
    for (const name of ['cache:n', 'cache:t:t']) {
      expect(await server.command('PTTL', name)).toBeGreaterThan(4_900_000);
    }
  });

  it('needs one command for a hit, whatever tags it has', async () => {
    await cache.set('k', 1, { tags: ['a', 'b'] });
    const another = await openCache(server.url, { memoryMaxBytes: 0 });
    await server.command('CONFIG', 'RESETSTAT');
    await another.cache.lookUp('k', origin.load, { tags: ['a', 'b'] });
    const stats = (await server.command('INFO', 'commandstats')) as string;
    expect(stats).toMatch(/cmdstat_mget:calls=1,/);
    expect(stats).not.toMatch(/cmdstat_(get|evalsha|eval|set):/);
    another.close();
  });
});

describe('what memory holds', () => {
  beforeEach(async () => {
    await server.command('FLUSHALL');
    process = await openCache(server.url, { memoryMaxBytes: 100_000 });
    cache = process.cache;
  });

  it('is frozen, because everybody gets the same', async () => {
    await cache.set('k', { list: [{ a: 1 }] });
    const value = (await cache.get<{ list: { a: number }[] }>('k'))!;
    expect(() => value.list.push({ a: 2 })).toThrow(TypeError);
    expect(() => (value.list[0]!.a = 2)).toThrow(TypeError);
    expect(await cache.get('k')).toBe(value);
  });

  it('has the shape that Redis gives back', async () => {
    const at = new Date(0);
    await cache.set('k', { at });
    expect(await cache.get('k')).toEqual({ at: at.toJSON() });
  });

  it('is not changed by what the factory’s first caller does to its own copy', async () => {
    const mine = await cache.getOrSet('k', async () => ({ list: [1] }));
    mine.list.push(2);
    expect(await cache.get('k')).toEqual({ list: [1] });
  });

  it('stays within its bytes, tells how many, and leaves the rest to Redis', async () => {
    for (let i = 0; i < 100; i += 1) await cache.set(`k${i}`, 'x'.repeat(1000));
    const memory = await nextMemory();
    expect(memory.bytes).toBeGreaterThan(90_000);
    expect(memory.bytes).toBeLessThanOrEqual(100_000);
    expect(memory.entries).toBe(Math.floor(100_000 / 2516));
    expect(await cache.get('k0')).toHaveLength(1000);
  });

  it('is nothing without bytes for it: everybody gets a copy, also of one reply', async () => {
    const another = await openCache(server.url, { memoryMaxBytes: 0 });
    await cache.set('k', { list: [1] });
    const values = await Promise.all([1, 2, 3].map(() => another.cache.get<{ list: number[] }>('k')));
    for (const value of values) value!.list.push(2);
    expect(values).toEqual(Array(3).fill({ list: [1, 2] }));
    another.close();
  });
});
