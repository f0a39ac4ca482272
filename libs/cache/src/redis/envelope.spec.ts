import { expect, it } from '@jest/globals';
import { readEnvelope } from './envelope.js';

const read = (text: string) => readEnvelope(Buffer.from(text));

it('reads what the scripts write', () => {
  expect(read('j x1 1700000000000 v1.v2 ["a","ü b"]\n"text\n"')).toEqual({
    id: 'x1',
    freshUntil: 1700000000000,
    versions: 'v1.v2',
    tags: ['a', 'ü b'],
    payload: '"text\n"',
  });
});

it('leaves a compressed payload as it is', () => {
  expect(read('z x 1 v []\n\xff')?.payload).toEqual(Buffer.from('\xff'));
});

it.each([
  '',
  '\n',
  'j',
  'j x 1 v []',
  'j x\n',
  'j x 1\n',
  'j x 1 v\n"text"',
  'jx 1 v []\n',
  'j x soon v []\n"text"',
  'j x 1e3 v []\n"text"',
  'j  1 v []\n"text"',
  'j x 1  []\n"text"',
  'k x 1 v []\n"text"',
  'j x 1 v [a]\n"text"',
  'j x 1 v [1]\n"text"',
  'j x 1 v {}\n"text"',
  'z',
  'z x 1 v []',
  '{"some":"JSON"}\n',
])('takes %j for nothing of ours', (text) => {
  expect(read(text)).toBeUndefined();
});
