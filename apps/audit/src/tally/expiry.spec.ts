import { expect, it } from '@jest/globals';
import { expirySpan } from './expiry.js';

const HOUR_MS = 3_600_000;

it.each([
  [null, 'never'],
  [0, 'within 1 hour'],
  [HOUR_MS, 'within 1 hour'],
  [4 * HOUR_MS, 'within 4 hours'],
  [4 * HOUR_MS + 1, 'within 1 day'],
  [7 * 24 * HOUR_MS, 'within 7 days'],
  [8 * 24 * HOUR_MS, 'later'],
])('%s ms is %s', (ttlMs, span) => {
  expect(expirySpan(ttlMs)).toBe(span);
});
