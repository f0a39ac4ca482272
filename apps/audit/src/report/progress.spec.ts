import { expect, it } from '@jest/globals';
import { Progress } from './progress.js';

function written(isTTY: boolean): string {
  let text = '';
  const progress = new Progress({ isTTY, write: (more: string) => (text += more) });
  for (let keys = 500; keys < 1_000; keys += 1) progress.show(keys, 1_000);
  progress.clear();
  return text;
}

it('keeps one line up to date in a terminal, not for every batch, and takes it away', () => {
  const text = written(true);
  expect(text).toContain('\r\u001b[K500 keys, 50.0 %');
  expect(text.split('keys').length).toBeLessThan(10);
  expect(text).toMatch(/\r\u001b\[K$/); // eslint-disable-line no-control-regex
});

it('says nothing elsewhere', () => {
  expect(written(false)).toBe('');
});
