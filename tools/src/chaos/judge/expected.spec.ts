import { expect, it } from '@jest/globals';
import { compare, parseExpected } from './expected.js';

const why = 'Users are guests until sessions have a fallback.';
const expected = parseExpected(
  JSON.stringify({ cells: { 'kill session mid-run': { loggedOutDuring: { upTo: 50, why } } } }),
);

it('accepts a breach that is announced, as far as it is announced', () => {
  const { redder } = compare('kill session mid-run', [{ budget: 'loggedOutDuring', value: 50 }], expected);
  expect(redder).toEqual([]);
});

it('takes a breach beyond what is announced for redder', () => {
  const breach = { budget: 'loggedOutDuring', value: 51 } as const;
  expect(compare('kill session mid-run', [breach], expected).redder).toEqual([breach]);
});

it('takes a breach that nobody has announced for redder', () => {
  const breach = { budget: 'timeouts', value: 1 } as const;
  expect(compare('kill session mid-run', [breach], expected).redder).toEqual([breach]);
  expect(compare('kill cache boot', [breach], expected).redder).toEqual([breach]);
});

it('names the entries that can go', () => {
  expect(compare('kill session mid-run', [], expected).better).toEqual(['loggedOutDuring']);
});

it.each([
  ['an unknown budget', { cells: { a: { logouts: { upTo: 1, why } } } }, /cells.a/],
  ['no reason', { cells: { a: { timeouts: { upTo: 1 } } } }, /cells.a.timeouts.why/],
  ['no JSON', undefined, /no JSON/],
])('refuses a file with %s', (_what, content, message) => {
  expect(() => parseExpected(content === undefined ? '{' : JSON.stringify(content))).toThrow(message);
});
