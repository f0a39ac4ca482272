import { expect, it } from '@jest/globals';
import { wrapped, table } from './table.js';

const columns = [
  { title: 'N', cell: ([count]: [number, string]) => String(count) },
  { title: 'NAME', cell: ([, name]: [number, string]) => name },
];

it('aligns figures at the right and names at the left', () => {
  const rows: [number, string][] = [
    [1, 'a'],
    [100, 'b'],
  ];
  expect(table(rows, columns)).toEqual(['    N  NAME', '    1  a', '  100  b']);
});

it('goes on in the next line with a long name, so that nothing of it is lost', () => {
  const name = 'abcdefghij'.repeat(20);
  const lines = table([[7, name]], columns).slice(1);
  expect(Math.max(...lines.map((line) => line.length))).toBe(80);
  expect(lines.map((line) => line.slice(5)).join('')).toBe(name);
});

it('leaves out the middle of a name of more than eight lines', () => {
  const lines = table([[7, `head${'-'.repeat(900)}tail`]], columns).slice(1);
  expect(lines).toHaveLength(8);
  expect(lines.join('')).toMatch(/head-.*-… +-.*-tail$/);
});

it('breaks a sentence between words', () => {
  const lines = wrapped('word '.repeat(40).trim(), '  - ', '    ');
  expect(lines[0]).toMatch(/^ {2}- word.*word$/);
  expect(lines[1]).toMatch(/^ {4}word/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('breaks a word that is longer than a line', () => {
  expect(wrapped(`a ${'b'.repeat(100)} c`)).toEqual(['a', 'b'.repeat(80), `${'b'.repeat(20)} c`]);
});
