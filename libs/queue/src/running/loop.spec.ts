import { afterEach, describe, expect, it } from '@jest/globals';
import { ErrorRate } from './error-rate.js';
import { Loop } from './loop.js';

const loops: Loop[] = [];

afterEach(() => Promise.all(loops.splice(0).map((loop) => loop.stop())));

function loop(step: () => Promise<boolean>, failed: (error: unknown) => void = () => undefined): Loop {
  const started = new Loop({ step, failed, pauseMs: 3_600_000 });
  loops.push(started);
  started.start();
  return started;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a loop', () => {
  it('goes on at once while there is more to do, and then rests', async () => {
    let steps = 0;
    loop(async () => (steps += 1) < 5);
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(steps).toBe(5);
  });

  it('looks again when it is woken, also if that was during a step', async () => {
    let steps = 0;
    const woken = loop(async () => {
      steps += 1;
      if (steps === 1) queueMicrotask(() => woken.wake());
      await Promise.resolve();
      return false;
    });
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(steps).toBe(2);
    woken.wake();
    await turn();
    expect(steps).toBe(3);
  });

  it('tells of a step that throws, and goes on', async () => {
    const told: unknown[] = [];
    let steps = 0;
    const failing = loop(
      async () => {
        steps += 1;
        throw new Error('no');
      },
      (error) => told.push(error),
    );
    await turn();
    failing.wake();
    await turn();
    expect([steps, told.length]).toEqual([2, 2]);
  });

  it('stops after the step under way', async () => {
    let end: () => void = () => undefined;
    let hasEnded = false;
    const busy = loop(async () => {
      await new Promise<void>((resolve) => (end = resolve));
      hasEnded = true;
      return true;
    });
    const stopped = busy.stop();
    end();
    await stopped;
    expect(hasEnded).toBe(true);
  });
});

describe('an error rate', () => {
  it('bears a trickle and not a flood', () => {
    const rate = new ErrorRate();
    const trickle = Array.from({ length: 100 }, (_, second) => rate.isTooHigh(second * 1000));
    const flood = Array.from({ length: 30 }, () => rate.isTooHigh(500_000));
    expect(trickle).not.toContain(true);
    expect(flood.filter(Boolean)).toHaveLength(10);
  });
});
