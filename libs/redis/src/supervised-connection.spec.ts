import { expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { next } from './redis.fixture.js';
import { resolveRedisOptions } from './redis.options.js';
import { SupervisedConnection } from './supervised-connection.js';

const open = (url: string) =>
  new SupervisedConnection('subscriber', resolveRedisOptions({ group: 'session', url }));

it('connects again from ioredis’s terminal state, until it is released', async () => {
  const server = await RedisServer.start();
  const connection = open(server.url);
  const { redis } = connection;
  await next(redis, 'ready');
  redis.disconnect();
  await next(redis, 'end');
  await next(redis, 'ready');
  connection.release();
  await next(redis, 'end');
  // A second socket that closes late makes ioredis connect although it was told to disconnect.
  redis.connect().catch(() => undefined);
  await next(redis, 'end');
  expect(String(await server.command('CLIENT', 'LIST'))).not.toContain('trivet:session:subscriber');
  await server.stop();
});

it('ends between two attempts as well, and so do those that BullMQ makes of it', async () => {
  const server = await RedisServer.start();
  const connection = open(server.url);
  const twin = connection.redis.duplicate();
  // ioredis writes an error that nobody listens for to the console. Jest cannot show that: `instanceof Error` fails in its realm.
  expect(twin.listenerCount('error')).toBe(1);
  await next(twin, 'ready');
  await Promise.all([next(twin, 'reconnecting'), server.kill()]);
  const waiting = twin.get('a');
  twin.disconnect();
  await next(twin, 'end');
  await expect(waiting).rejects.toThrow('Connection is closed');
  connection.release();
  await server.stop();
});

it('asks Sentinels that are away no more once it is released', async () => {
  const connection = open('redis-sentinel://127.0.0.1:1#main');
  await next(connection.redis, 'error');
  connection.release();
  await next(connection.redis, 'end');
  await expect(connection.redis.connect()).rejects.toThrow('retry is disabled');
});
