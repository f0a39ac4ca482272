import { beforeEach, describe, expect, it } from '@jest/globals';
import { Breaker, type BreakerState } from './breaker.js';

describe('Breaker', () => {
  let transitions: BreakerState[];
  let breaker: Breaker;

  beforeEach(() => {
    transitions = [];
    let now = 0;
    // Ages pass between any two events: nothing flaps here.
    breaker = new Breaker(
      3,
      (state) => transitions.push(state),
      () => (now += 60_000),
    );
    breaker.admit();
  });

  it('lets nothing through before the first admission', () => {
    expect(new Breaker(3, () => undefined).allows('read')).toBe(false);
  });

  it('bears two deadlines and opens at the third in a row', () => {
    breaker.failed('deadline');
    breaker.failed('deadline');
    expect(breaker.allows('read')).toBe(true);
    breaker.failed('deadline');
    expect(breaker.state).toEqual({ reads: 'down', writes: 'down', reason: 'deadline' });
  });

  it('forgets deadlines at the first answer', () => {
    breaker.failed('deadline');
    breaker.failed('deadline');
    breaker.succeeded();
    breaker.failed('deadline');
    expect(breaker.allows('read')).toBe(true);
  });

  it.each(['readonly', 'oom', 'no-replicas', 'cannot-persist'] as const)(
    'closes writes only on %s, and lets through what a full server takes',
    (reason) => {
      breaker.failed(reason);
      expect(breaker.state).toEqual({ reads: 'up', writes: 'down', reason });
      expect(breaker.allows('write-when-full')).toBe(true);
      breaker.failed('connection-lost');
      expect(breaker.allows('write-when-full')).toBe(false);
    },
  );

  it('takes a wrong type as the key’s trouble', () => {
    breaker.failed('wrong-type');
    expect(breaker.allows('write')).toBe(true);
  });

  it('reports one transition for any number of failures', () => {
    for (let i = 0; i < 50; i += 1) breaker.failed('connection-lost');
    breaker.failed('deadline');
    expect(transitions).toHaveLength(2);
  });

  it('asks a flapping group for more good probes each time, and a settled one for a single one', () => {
    let now = 0;
    const flapping = new Breaker(
      3,
      () => undefined,
      () => now,
    );
    const probesToComeBack = () => {
      flapping.failed('connection-lost');
      for (let probes = 1; ; probes += 1) {
        flapping.admit();
        if (flapping.allows('read')) return probes;
      }
    };
    flapping.admit();
    expect([1, 2, 3, 4, 5].map(probesToComeBack)).toEqual([2, 4, 8, 8, 8]);
    now += 2000;
    expect(probesToComeBack()).toBe(1);
  });

  it('starts counting good probes anew after a bad one', () => {
    const flapping = new Breaker(
      3,
      () => undefined,
      () => 0,
    );
    flapping.admit();
    flapping.failed('connection-lost');
    flapping.admit();
    flapping.failed('connection-lost');
    flapping.admit();
    expect(flapping.allows('read')).toBe(false);
  });

  it('reports reads coming back before writes', () => {
    breaker.failed('connection-lost');
    breaker.admit('oom');
    breaker.admit();
    expect(transitions.slice(1)).toEqual([
      { reads: 'down', writes: 'down', reason: 'connection-lost' },
      { reads: 'up', writes: 'down', reason: 'oom' },
      { reads: 'up', writes: 'up' },
    ]);
  });
});
