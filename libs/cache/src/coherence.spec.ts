import { faults, FaultTarget, type RedisServer, type Undo } from '@trivet/fault-kit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { openCache, Origin, type CacheProcess } from './cache.fixture.js';
import { cacheFeedChannel, cacheInvalidationChannel } from './cache.events.js';

let target: FaultTarget;
let server: RedisServer;
let reader: CacheProcess;
let writer: CacheProcess;
let origin: Origin;

const coherenceMs = 400;

/** Resolves at the next fact of a channel. */
function next(channel: { readonly name: string | symbol }, wanted: (fact: never) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const listen = (fact: unknown) => {
      if (!wanted(fact as never)) return;
      unsubscribe(channel.name, listen);
      resolve();
    };
    subscribe(channel.name, listen);
  });
}
const feedIs = (state: 'up' | 'down') =>
  next(cacheFeedChannel, (fact: { readonly state: string }) => fact.state === state);
/** Resolves when one of the two has heard of what the other did. */
const heard = () =>
  next(cacheInvalidationChannel, (fact: { readonly where: string }) => fact.where === 'heard');

beforeEach(async () => {
  target = await FaultTarget.start();
  server = target.server;
  origin = new Origin();
  let up = feedIs('up');
  reader = await openCache(target.url, { coherenceMs });
  await up;
  up = feedIs('up');
  // The writer has a way of its own to the server, so that only the reader is cut off.
  writer = await openCache(server.url, { coherenceMs });
  await up;
  // The writer hears of this as well: later than that, `heard` is about what a test does.
  const set = heard();
  await reader.cache.set('k', 'old', { tags: ['t'] });
  await set;
});

afterEach(async () => {
  reader.close();
  writer.close();
  await target.stop();
});

it('sends Redis nothing for a hit in memory', async () => {
  expect(await reader.cache.get('k')).toBe('old');
  await server.command('CONFIG', 'RESETSTAT');
  for (let i = 0; i < 100; i += 1) await reader.cache.get('k');
  expect(await server.command('INFO', 'commandstats')).not.toMatch(/cmdstat_(mget|evalsha)/);
});

it.each([
  ['set', () => writer.cache.set('k', 'new'), 'new'],
  ['delete', () => writer.cache.delete('k'), undefined],
  ['deleteByTag', () => writer.cache.deleteByTag('t'), undefined],
  ['clear', () => writer.cache.clear(), undefined],
])('hears of another process’s %s', async (_what, write, now) => {
  const told = heard();
  await write();
  await told;
  expect(await reader.cache.get('k')).toBe(now);
});

describe('with the feed cut', () => {
  /** Cuts both feeds, and resolves when both processes know of it: until then it is like a hang. */
  async function cut(): Promise<Undo> {
    let downs = 0;
    const both = next(cacheFeedChannel, ({ state }: { readonly state: string }) => {
      downs += Number(state === 'down');
      return downs === 2;
    });
    const undo = await faults.pubSubCut.apply(target);
    await both;
    return undo;
  }

  it('shows nothing of before the cut once it is back, however long that took', async () => {
    const uncut = await cut();
    await writer.cache.set('k', 'new');
    await writer.cache.set('other', 'new');
    const up = feedIs('up');
    await uncut();
    await up;
    expect(await reader.cache.get('k')).toBe('new');
  });

  it('asks Redis about what it has in memory from the moment that it is cut', async () => {
    const uncut = await cut();
    await writer.cache.deleteByTag('t');
    expect(await reader.cache.get('k')).toBeUndefined();
    await uncut();
  });
});

it('vouches for memory no longer than said when the connection hangs without a word', async () => {
  expect(await reader.cache.get('k')).toBe('old');
  const undo = await faults.blackHole.apply(target);
  await writer.cache.set('k', 'new');
  reader.clock.advance(coherenceMs);
  // Redis does not answer this process, so the origin is asked, and not the memory.
  origin.value = 'new';
  expect(await reader.cache.getOrSet('k', origin.load)).toBe('new');
  await undo();
});

it('takes no heed of what strangers publish', async () => {
  const told = heard();
  for (const message of ['', 'null', '{"names":1}', '[', '{"from":"x","names":["cache:k:other"]}']) {
    await server.command('PUBLISH', 'cache:feed', message);
  }
  await told;
  expect(await reader.cache.get('k')).toBe('old');
});

it('has an edit seen elsewhere although Redis takes no writes', async () => {
  await server.command('REPLICAOF', '127.0.0.1', '1');
  await writer.redis.reaches((state) => state.writes === 'down');
  const told = heard();
  await writer.cache.delete('k');
  await told;
  expect(await reader.cache.get('k')).toBeUndefined();
});

it('makes up for another process’s lost invalidation, should that one have died', async () => {
  await server.command('REPLICAOF', '127.0.0.1', '1');
  await Promise.all([writer, reader].map((each) => each.redis.reaches((state) => state.writes === 'down')));
  const told = heard();
  await writer.cache.delete('k');
  await told;
  writer.close();
  await server.command('REPLICAOF', 'NO', 'ONE');
  await reader.redis.reaches((state) => state.writes === 'up');
  await reader.cache.get('another');
  expect(await server.command('GET', 'cache:k:k')).toBeNull();
});
