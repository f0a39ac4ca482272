import { expect, it } from '@jest/globals';
import { readEnvelope } from './envelope.js';

const read = (text: string) => readEnvelope(Buffer.from(text));

it('reads what the scripts write', () => {
  expect(read('x1 1700000000000 j v1.v2 ["a","ü b"]\n"text\n"')).toEqual({
    id: 'x1',
    freshUntil: 1700000000000,
    versions: 'v1.v2',
    tags: ['a', 'ü b'],
    payload: '"text\n"',
  });
});

it('leaves a compressed payload as it is', () => {
  expect(read('x 1 z v []\n\xff')?.payload).toEqual(Buffer.from('\xff'));
});

it.each([
  '',
  '\n',
  'x',
  'x 1 j v []',
  'x\n',
  'x 1\n',
  'x 1 j\n',
  'x 1 j v\n"text"',
  'x 1 jq\n',
  'x soon j v []\n"text"',
  'x 1e3 j v []\n"text"',
  ' 1 j v []\n"text"',
  'x 1 j  []\n"text"',
  'x 1 k v []\n"text"',
  'x 1 j v [a]\n"text"',
  'x 1 j v [1]\n"text"',
  'x 1 j v {}\n"text"',
  '{"some":"JSON"}\n',
])('takes %j for nothing of ours', (text) => {
  expect(read(text)).toBeUndefined();
});
