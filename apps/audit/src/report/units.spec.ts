import { expect, it } from '@jest/globals';
import { readableBytes, readableCount, readableSeconds, readableShare } from './units.js';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '0.98 KiB'],
  [1_024, '1.00 KiB'],
  [10_235, '10.0 KiB'],
  [1_023 * 1_024, '1.00 MiB'],
  [35 * 1_024 ** 3, '35.0 GiB'],
  [900 * 1_024 ** 3, '900 GiB'],
])('%s bytes are %s', (bytes, text) => {
  expect(readableBytes(bytes)).toBe(text);
});

it.each([
  [0.4, '< 1 s'],
  [58.9, '58 s'],
  [60, '1 min'],
  [14_399, '3 h 59 min'],
  [86_400 * 6 + 59, '6 d'],
])('%s seconds are %s', (seconds, text) => {
  expect(readableSeconds(seconds)).toBe(text);
});

it('writes counts with commas and shares with one digit', () => {
  expect([readableCount(1_234_567), readableShare(1, 3), readableShare(0, 0)]).toEqual([
    '1,234,567',
    '33.3 %',
    '0.0 %',
  ]);
});
