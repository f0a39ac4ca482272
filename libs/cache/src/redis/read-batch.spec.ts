import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { openGuardedRedis, type GuardedRedis } from '@trivet/redis';
import { ReadBatch } from './read-batch.js';

let server: RedisServer;
let redis: GuardedRedis;
let batch: ReadBatch;

beforeAll(async () => {
  server = await RedisServer.start();
  redis = await openGuardedRedis({ group: 'cache', url: server.url, deadlineMs: 500 });
  batch = new ReadBatch(redis);
});

beforeEach(async () => {
  await server.command('FLUSHALL');
  await server.command('MSET', 'a', '1', 'b', '2', 'c', '3');
  await server.command('CONFIG', 'RESETSTAT');
});

afterAll(async () => {
  redis.close();
  await server.stop();
});

const texts = async (names: readonly string[]) =>
  (await batch.read(names))?.map((bytes) => bytes?.toString());

async function commands(): Promise<number> {
  const stats = String(await server.command('INFO', 'commandstats'));
  return Number(/cmdstat_mget:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

it('gives a single reader its own names', async () => {
  expect(await texts(['b', 'none', 'a'])).toEqual(['2', undefined, '1']);
});

it('gives each of many readers its own names out of one command', async () => {
  const all = await Promise.all([
    texts(['a', 'c']),
    texts(['b', 'c']),
    texts(['none', 'c']),
    texts(['a', 'c']),
  ]);
  expect(all).toEqual([
    ['1', '3'],
    ['2', '3'],
    [undefined, '3'],
    ['1', '3'],
  ]);
  expect(await commands()).toBe(1);
});

it('asks in several commands where one would be too long', async () => {
  const all = await Promise.all(
    Array.from({ length: 300 }, (_, i) => texts([i === 299 ? 'b' : `k${i}`, 'c'])),
  );
  expect(all.map((each) => each?.[1])).toEqual(all.map(() => '3'));
  expect(all[299]).toEqual(['2', '3']);
  expect(await commands()).toBe(3);
});

it('gives nobody an answer when Redis has none', async () => {
  const group = await openGuardedRedis({ group: 'cache', url: 'redis://127.0.0.1:1', bootWaitMs: 1 });
  const away = new ReadBatch(group);
  expect(await Promise.all([away.read(['a']), away.read(['b'])])).toEqual([undefined, undefined]);
  group.close();
});
