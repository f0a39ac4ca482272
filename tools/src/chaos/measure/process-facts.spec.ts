import { expect, it } from '@jest/globals';
import { lagIn } from './process-facts.js';

it('reads the event loop lag in milliseconds, with labels or without', () => {
  const text = [
    '# TYPE nodejs_eventloop_lag_p99_seconds gauge',
    'nodejs_eventloop_lag_p99_seconds{process="learn"} 0.0123',
    'nodejs_eventloop_lag_max_seconds 0.05',
  ].join('\n');
  expect(lagIn(text)).toEqual({ p99Ms: 12.3, maxMs: 50 });
});
