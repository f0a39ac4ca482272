import { expect, it } from '@jest/globals';
import { HashSlots } from './hash-slots.js';

it('runs two at a time, in order, and turns away what a short queue does not hold', async () => {
  const slots = new HashSlots();
  const started: number[] = [];
  const finish: (() => void)[] = [];
  const work = (n: number) => () => {
    started.push(n);
    return new Promise<void>((resolve) => finish.push(resolve));
  };
  const running = Array.from({ length: 66 }, (_, n) => slots.run(work(n)));
  await expect(slots.run(work(66))).rejects.toMatchObject({
    code: 'TOO_MANY_SIGN_INS',
    retryAfterSeconds: 5,
  });
  expect(started).toEqual([0, 1]);
  finish[0]?.();
  await running[0];
  await Promise.resolve();
  expect(started).toEqual([0, 1, 2]);
});

it('frees the slot of work that failed', async () => {
  const slots = new HashSlots();
  const failing = () => slots.run(() => Promise.reject(new Error('no')));
  await Promise.allSettled([failing(), failing(), failing()]);
  await expect(slots.run(() => Promise.resolve('yes'))).resolves.toBe('yes');
});
