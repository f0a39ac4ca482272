import { beforeEach, describe, expect, it } from '@jest/globals';
import { Breaker, type BreakerState } from './breaker.js';

describe('Breaker', () => {
  let transitions: BreakerState[];
  let breaker: Breaker;

  beforeEach(() => {
    transitions = [];
    breaker = new Breaker(3, (state) => transitions.push(state));
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
    'closes writes only on %s',
    (reason) => {
      breaker.failed(reason);
      expect(breaker.state).toEqual({ reads: 'up', writes: 'down', reason });
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
