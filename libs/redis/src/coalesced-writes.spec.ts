import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { Redis } from 'ioredis';
import { setImmediate as turn } from 'node:timers/promises';
import { coalesceWrites } from './coalesced-writes.js';

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await RedisServer.start();
  redis = new Redis(server.url);
  coalesceWrites(redis);
  await redis.set('n', 0);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const writesOf = async (send: () => Promise<unknown>) => {
  const stream = redis.stream as unknown as Record<'_write' | '_writev', (...args: unknown[]) => void>;
  const { _write, _writev } = stream;
  let writes = 0;
  stream._write = (...args) => ((writes += 1), _write.apply(stream, args));
  stream._writev = (...args) => ((writes += 1), _writev.apply(stream, args));
  await turn();
  try {
    await send();
    return writes;
  } finally {
    Object.assign(stream, { _write, _writev });
  }
};

it('sends a single command at once', async () => {
  const writes = await writesOf(async () => {
    const reply = redis.get('n');
    expect(redis.stream.writableLength).toBe(0);
    await reply;
  });
  expect(writes).toBe(1);
});

it('sends a hundred commands of one turn in two writes, in their order', async () => {
  const replies: number[] = [];
  const writes = await writesOf(async () => {
    const count = async () => replies.push(await redis.incr('n'));
    await Promise.all(Array.from({ length: 100 }, count));
  });
  expect(writes).toBe(2);
  expect(replies).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
});

it('does the same on the connection after a reconnect', async () => {
  const back = new Promise((resolve) => redis.once('ready', resolve));
  await server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await back;
  expect(await writesOf(() => Promise.all(Array.from({ length: 100 }, () => redis.get('n'))))).toBe(2);
});
