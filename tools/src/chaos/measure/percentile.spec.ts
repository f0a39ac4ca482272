import { expect, it } from '@jest/globals';
import { latencyOf, percentile } from './percentile.js';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

it('takes the nearest rank', () => {
  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 1)).toBe(100);
});

it('takes the slowest for p99 of fewer than a hundred', () => {
  expect(percentile([1, 2, 30], 0.99)).toBe(30);
});

it('is 0 when nothing was measured', () => {
  expect(latencyOf([])).toEqual({ p50Ms: 0, p99Ms: 0, maxMs: 0 });
});

it('leaves the values in their order', () => {
  const values = [3, 1, 2];
  percentile(values, 0.5);
  expect(values).toEqual([3, 1, 2]);
});
