import { expect, it } from '@jest/globals';
import { printableName } from './key-name.js';

it.each([
  [Buffer.from('leçon:été ✓'), 'leçon:été ✓'],
  [Buffer.from('a\n\u001b[2J'), 'a\\x0a\\x1b[2J'],
  [Buffer.from('a\u202eb'), 'a\\u{202e}b'],
  [Buffer.from([0xff, 0x00, 0x41]), '\\xff\\x00A'],
])('prints %#', (name, text) => {
  expect(printableName(name)).toBe(text);
});

it('cuts a name of more than 1 KiB and says how long it is', () => {
  expect(printableName(Buffer.alloc(5_000, 'k'))).toBe(`${'k'.repeat(1_024)}… (5000 bytes)`);
});
