// The cases of @keyv/test-suite for Keyv 5 (github.com/jaredwray/keyv, packages/test-suite: api, values, namespace), told
// anew for Jest; the package itself brings a compiler and another runner. Not among them: the iterator's and the
// compression's, which this store leaves to others.
import { RedisServer } from '@trivet/fault-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createCache } from 'cache-manager';
import { Keyv, type KeyvOptions } from 'keyv';
import { openCache, type CacheProcess } from '../cache.fixture.js';
import type { Cache } from '../cache.js';

let server: RedisServer;
let process: CacheProcess;
let cache: Cache;
let keyv: Keyv;

const open = (options: KeyvOptions = {}) =>
  new Keyv({
    store: process.runtime.keyv().store as object,
    serialize: undefined,
    deserialize: undefined,
    ...options,
  });

beforeAll(async () => {
  server = await RedisServer.start();
  process = await openCache(server.url);
  cache = process.cache;
});

afterAll(async () => {
  process.close();
  await server.stop();
});

beforeEach(async () => {
  await cache.clear();
  keyv = open();
});

describe('a Keyv over the store', () => {
  it('answers every call with a promise', async () => {
    const calls = [
      keyv.set('foo', 'bar'),
      keyv.get('foo'),
      keyv.delete('foo'),
      keyv.delete(['foo']),
      keyv.clear(),
    ];
    expect(calls.every((call) => call instanceof Promise)).toBe(true);
    await Promise.all(calls);
  });

  it('sets, and says so', async () => {
    expect(await keyv.set('foo', 'bar')).toBe(true);
    expect(await keyv.get('foo')).toBe('bar');
  });

  it('has a value until its ttl is over', async () => {
    await keyv.set('foo', 'bar', 1000);
    expect(await keyv.get('foo')).toBe('bar');
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1100);
    expect(await keyv.get('foo')).toBeUndefined();
    now.mockRestore();
  });

  it('has nothing under a key that was not set', async () => {
    expect(await keyv.get('foo')).toBeUndefined();
    expect([await keyv.has('foo'), (await keyv.set('foo', 1)) && (await keyv.has('foo'))]).toEqual([
      false,
      true,
    ]);
  });

  it('gets several keys at once, absent and expired ones as undefined', async () => {
    await keyv.set('foo', 'bar', 3000);
    await keyv.set('foo2', 'bar2', 3000);
    expect(await keyv.get(['foo', 'foo1', 'foo2'])).toEqual(['bar', undefined, 'bar2']);
    expect(await keyv.get(['a', 'b'])).toEqual([undefined, undefined]);
    await keyv.set('foo1', 'bar1', 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await keyv.get(['foo', 'foo1', 'foo2'])).toEqual(['bar', undefined, 'bar2']);
  });

  it('deletes, and says whether there was something', async () => {
    expect(await keyv.delete('foo')).toBe(false);
    expect(await keyv.delete(['foo', 'foo1'])).toBe(false);
    await keyv.set('foo', 'bar');
    await keyv.set('foo1', 'bar1');
    await keyv.set('foo2', 'bar2');
    expect(await keyv.delete('foo')).toBe(true);
    expect(await keyv.delete(['foo1', 'foo2'])).toBe(true);
    expect(await keyv.get(['foo', 'foo1', 'foo2'])).toEqual([undefined, undefined, undefined]);
  });

  it('clears everything', async () => {
    await keyv.set('foo', 'bar');
    await keyv.set('fizz', 'buzz');
    expect(await keyv.clear()).toBeUndefined();
    expect(await keyv.get(['foo', 'fizz'])).toEqual([undefined, undefined]);
  });

  it.each([
    ['false', false],
    ['null', null],
    ['undefined', undefined],
    ['a number', 0],
    ['a string', 'bar'],
    ['an object', { fizz: 'buzz' }],
    ['a buffer', Buffer.from('bar')],
    ['an object with a buffer', { buff: Buffer.from('buzz') }],
    ['a double quote', '"'],
    ['single quotes', "''"],
  ])('keeps %s', async (_what, value) => {
    await keyv.set("it's", value);
    expect(await keyv.get("it's")).toEqual(value);
  });

  it('refuses a symbol', async () => {
    await expect(
      open({ serialize: JSON.stringify, deserialize: JSON.parse }).set('foo', Symbol('x')),
    ).rejects.toThrow('symbol cannot be serialized');
  });

  it('keeps what a serializer of its user makes', async () => {
    const big = open({
      serialize: ({ value }) => String(value),
      deserialize: (text) => ({ value: BigInt(text) }) as never,
    });
    await big.set('foo', 9223372036854775807n);
    expect(await big.get('foo')).toBe(9223372036854775807n);
  });

  it('keeps namespaces apart, in set, get, delete and clear', async () => {
    const [one, two] = [open({ namespace: 'keyv1' }), open({ namespace: 'keyv2' })];
    for (const each of [one, two]) for (const key of ['foo', 'bar']) await each.set(key, each.namespace);
    expect([await one.get('foo'), await two.get('foo')]).toEqual(['keyv1', 'keyv2']);
    expect(await one.delete('foo')).toBe(true);
    expect([await one.get('foo'), await two.get('foo')]).toEqual([undefined, 'keyv2']);
    await one.clear();
    expect([await one.get('bar'), await two.get('bar')]).toEqual([undefined, 'keyv2']);
  });
});

describe('cache-manager over the store', () => {
  it('shares its keys with the cache', async () => {
    const manager = createCache({ stores: [process.runtime.keyv()] });
    await manager.set('k', { a: 1 });
    expect(await cache.get('k')).toEqual({ a: 1 });
    await cache.set('k', { a: 2 });
    expect(await manager.get('k')).toEqual({ a: 2 });
    await manager.del('k');
    expect(await cache.get('k')).toBeUndefined();
  });

  it('wraps, says how long a value lives, and gives everybody a copy', async () => {
    const manager = createCache({ stores: [process.runtime.keyv()] });
    const load = () => manager.wrap('k', async () => ({ list: [1] }), 5000);
    await load();
    (await load()).list.push(2);
    expect(await load()).toEqual({ list: [1] });
    expect((await manager.ttl('k'))! - Date.now()).toBeLessThanOrEqual(5000);
  });
});
