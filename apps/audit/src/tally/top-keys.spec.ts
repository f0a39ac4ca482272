import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TopKeys } from './top-keys.js';

const key = (name: string, bytes: number) => ({
  name: Buffer.from(name),
  type: 'string',
  bytes,
  ttlMs: null,
});

it('holds the largest keys in order, whatever the order they come in', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.integer({ min: 1, max: 10 }), (sizes, limit) => {
      const top = new TopKeys(limit);
      sizes.forEach((bytes, index) => top.add(key(`k${index}`, bytes)));
      expect(top.all.map(({ bytes }) => bytes)).toEqual([...sizes].sort((a, b) => b - a).slice(0, limit));
    }),
  );
});

it('lists a key once that SCAN brings twice', () => {
  const top = new TopKeys(3);
  for (const name of ['a', 'b', 'a']) top.add(key(name, 5));
  expect(top.all.map(({ name }) => name.toString())).toEqual(['a', 'b']);
});
