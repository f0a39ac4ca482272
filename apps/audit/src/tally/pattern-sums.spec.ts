import { expect, it } from '@jest/globals';
import { PatternSums } from './pattern-sums.js';

const key = { bytes: 10, ttlMs: null };

function patternsOf(sums: PatternSums): Record<string, number> {
  return Object.fromEntries([...sums.finish().sums].map(([pattern, { keys }]) => [pattern, keys]));
}

function letters(number: number): string {
  return String(number).replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
}

it('folds 20 names with few keys each into one pattern, wherever they stand', () => {
  const sums = new PatternSums();
  for (let n = 0; n < 20; n += 1) sums.add(`user:${letters(n)}:cart`, key);
  for (let n = 0; n < 20; n += 1) sums.add(`lesson:${letters(n)}`, key);
  expect(patternsOf(sums)).toEqual({ 'user:*:cart': 20, 'lesson:*': 20 });
});

it('leaves 19 names alone, and names with many keys', () => {
  const sums = new PatternSums();
  for (let n = 0; n < 19; n += 1) sums.add(`queue:${letters(n)}`, key);
  for (let n = 0; n < 80; n += 1) sums.add(`kind-${letters(n % 20)}:*`, key);
  expect(Object.keys(patternsOf(sums))).toHaveLength(19 + 20);
});

it('adds a single odd id to the pattern of its like, and leaves a word beside it', () => {
  const sums = new PatternSums();
  for (let n = 0; n < 20; n += 1) sums.add('bull:pdf:*', key);
  sums.add('bull:pdf:hxkwetcquG-gQOeN2McAjavpUFYxtq-y', key);
  sums.add('bull:pdf:stalled-check', key);
  expect(patternsOf(sums)).toEqual({ 'bull:pdf:*': 21, 'bull:pdf:stalled-check': 1 });
});

it('holds a hundred thousand different names in its limit, and counts each of them', () => {
  const sums = new PatternSums(100);
  for (let n = 0; n < 100_000; n += 1) sums.add(`user:${letters(n)}`, key);
  for (let n = 0; n < 1_000; n += 1) sums.add('sess:*', key);
  expect(patternsOf(sums)).toEqual({ 'user:*': 100_000, 'sess:*': 1_000 });
});

it('puts into the rest what cannot be folded', () => {
  const sums = new PatternSums(100);
  for (let n = 0; n < 10_000; n += 1) sums.add(`${letters(n)}:${letters(n)}:${letters(n)}`, key);
  const { sums: held, rest } = sums.finish();
  const kept = [...held.values()].reduce((keys, sum) => keys + sum.keys, 0);
  expect(held.size).toBeLessThanOrEqual(100);
  expect(rest).toMatchObject({ keys: 10_000 - kept, bytes: 10 * (10_000 - kept), withoutTtl: 10_000 - kept });
  expect(rest.keys).toBeGreaterThan(9_000);
});
