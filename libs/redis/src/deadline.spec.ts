import { expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { Redis } from 'ioredis';
import { withDeadline } from './deadline.js';

const never = new Promise<never>(() => undefined);
const after = (ms: number) => new Promise<number>((resolve) => setTimeout(resolve, ms, ms));

it('settles as the work does', async () => {
  expect(await withDeadline(Promise.resolve(1), 1000)).toBe(1);
  await expect(withDeadline(Promise.reject(new Error('the work’s own')), 1000)).rejects.toThrow(
    'the work’s own',
  );
});

it('ends each of many calls at its own deadline, not at the first one’s', async () => {
  const ends: string[] = [];
  const note = (name: string) => () => ends.push(name);
  const first = withDeadline(never, 60).catch(note('first'));
  await after(20);
  const second = withDeadline(never, 60).catch(note('second'));
  const shorter = withDeadline(never, 10).catch(note('shorter'));
  await Promise.all([first, second, shorter]);
  expect(ends).toEqual(['shorter', 'first', 'second']);
});

it('is no nearer for a call that follows on ones which have ended', async () => {
  await withDeadline(Promise.resolve(1), 80);
  await after(60);
  expect(await withDeadline(after(40), 80)).toBe(40);
});

it('takes an answer that came while the process itself was held up', async () => {
  const server = await RedisServer.start();
  const redis = new Redis(server.url);
  await redis.set('k', 'v');
  const answer = withDeadline(redis.get('k'), 50);
  const heldUpUntil = performance.now() + 200;
  while (performance.now() < heldUpUntil);
  expect(await answer).toBe('v');
  redis.disconnect();
  await server.stop();
});

it('names the deadline', async () => {
  await expect(withDeadline(never, 5)).rejects.toThrow('No answer within 5 ms.');
});
