import { expect, it } from '@jest/globals';
import { readOptions } from './options.js';

it('reads every option', () => {
  const options = readOptions(['--only', 'KILL', '--quick', '--resume', '--command', 'npm run plain']);
  expect(options).toMatchObject({ mode: 'cells', quick: true, resume: true, command: 'npm run plain' });
  expect(options.only?.test('kill session boot')).toBe(true);
});

it('resumes to measure again', () => {
  expect(readOptions(['--again'])).toMatchObject({ again: true, resume: true });
  expect(readOptions(['--resume'])).toMatchObject({ again: false, resume: true });
});

it('knows the flips and the sessions', () => {
  expect(readOptions(['flips']).mode).toBe('flips');
  expect(readOptions(['sessions']).mode).toBe('sessions');
});

it('says how it is used when it was not understood', () => {
  for (const args of [['--slow'], ['flops'], ['--only', '(']])
    expect(() => readOptions(args)).toThrow(/Usage: npm run chaos/);
});
