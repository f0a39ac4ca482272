import { beforeEach, describe, expect, it } from '@jest/globals';
import { SendWindow } from './send-window.js';

let now: number;
let idle: number;
let isAlone: boolean;
let window: SendWindow;
let rests: number[];

beforeEach(() => {
  now = 0;
  idle = 0;
  isAlone = false;
  rests = [];
  window = new SendWindow(() => isAlone, {
    now: () => now,
    idleMs: () => idle,
    rest: async (ms) => {
      rests.push(ms);
      now += ms;
    },
  });
});

/** A bulk that takes its time on the spec's clock, some of which the process computes. */
const bulk = (ms: number, { isFull = true, computedMs = 0 } = {}) =>
  window.run(isFull, async () => {
    now += ms;
    idle += ms - computedMs;
  });
const bulks = async (count: number, ms: number) => {
  for (let sent = 0; sent < count; sent += 1) await bulk(ms);
};
/** As many bulks under way as there may be, and the end of each. */
const together = () =>
  Array.from({ length: SendWindow.mostAtOnce }, () => {
    let end: () => void = () => undefined;
    const isOver = window.run(true, () => new Promise<void>((resolve) => (end = resolve)));
    return { end: () => end(), isOver };
  });

describe('how many bulks are under way', () => {
  it('begins with one and grows while bulks are as fast as they can be', async () => {
    expect(window.size).toBe(1);
    await bulks(30, 2);
    expect(window.size).toBe(SendWindow.mostAtOnce);
  });

  it('halves with every bulk that is three times slower than the fastest', async () => {
    await bulks(30, 2);
    await bulk(7);
    expect(window.size).toBe(SendWindow.mostAtOnce / 2);
    await bulk(7);
    expect(window.size).toBe(1);
  });

  it('does not take its own bulks for a crowd', async () => {
    await bulks(30, 2);
    for (const { end, isOver } of together()) {
      now += 2;
      end();
      await isOver;
    }
    expect(window.size).toBe(SendWindow.mostAtOnce);
  });

  it('takes what it computes itself for no crowd while it is alone', async () => {
    await bulks(30, 2);
    isAlone = true;
    await bulk(20, { computedMs: 18 });
    expect(window.size).toBe(SendWindow.mostAtOnce);
    await bulk(20, { computedMs: 10 });
    expect(window.size).toBe(SendWindow.mostAtOnce / 2);
    isAlone = false;
    await bulk(20, { computedMs: 18 });
    expect(window.size).toBe(1);
  });

  it('rests between single bulks, the longer the longer they are slow, and less again when they are not', async () => {
    await bulk(2);
    await bulks(7, 10);
    expect(rests).toEqual([10, 30, 70, 150, 310]);
    await bulks(4, 2);
    expect(rests.slice(5)).toEqual([310, 30, 14, 6]);
    expect(window.size).toBe(1);
  });

  it('takes bulks that were under way together for one crowd', async () => {
    await bulks(30, 2);
    const underWay = together();
    now += 100;
    for (const { end } of underWay) end();
    await Promise.all(underWay.map(({ isOver }) => isOver));
    expect(window.size).toBe(SendWindow.mostAtOnce / 2);
  });

  it('takes no notice of bulks that are smaller, which are faster as well', async () => {
    await bulk(6);
    await bulk(1, { isFull: false });
    await bulks(30, 6);
    expect(window.size).toBe(SendWindow.mostAtOnce);
  });

  it('gets used to a Redis that is slower for good', async () => {
    await bulks(30, 1);
    await bulks(500, 10);
    expect(window.size).toBe(1);
    await bulks(530, 10);
    expect(window.size).toBe(SendWindow.mostAtOnce);
  });

  it('is one again after an outage', async () => {
    await bulks(30, 2);
    window.reset();
    expect(window.size).toBe(1);
  });

  it('is never exceeded', async () => {
    await bulks(3, 2);
    let underWay = 0;
    let most = 0;
    const slow = () =>
      window.run(true, async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setTimeout(resolve, 5));
        underWay -= 1;
      });
    const { size } = window;
    await Promise.all(Array.from({ length: 4 * SendWindow.mostAtOnce }, slow));
    expect(size).toBeGreaterThan(1);
    expect(most).toBeGreaterThanOrEqual(size);
    expect(most).toBeLessThanOrEqual(SendWindow.mostAtOnce);
  });

  it('lets the next one in after one that failed', async () => {
    const failing = window.run(true, () => Promise.reject(new Error('refused')));
    await expect(failing).rejects.toThrow('refused');
    await bulk(2);
    expect(window.size).toBe(2);
  });
});
