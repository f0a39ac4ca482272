import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { assets, stylesheet } from './assets.js';

it('names every asset by its content', () => {
  for (const { path, content } of assets) {
    const hash = createHash('sha256').update(content).digest('hex');
    expect(path).toMatch(/^\/assets\/[a-z]+\.[0-9a-f]{10}\.(css|svg|js)$/);
    expect(hash).toContain(path.split('.')[1]);
  }
});

it('refers to no other origin', () => {
  const addresses = assets.flatMap(({ content }) => content.match(/https?:\/\/[^"')\s]+/g) ?? []);
  expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']));
});

it('has styles for dark screens, narrow screens, paper and readers who want no motion', () => {
  for (const feature of [
    'prefers-color-scheme: dark',
    'max-width: 44rem',
    'print',
    'prefers-reduced-motion',
  ]) {
    expect(stylesheet.content).toMatch(new RegExp(`@media (\\()?${feature}`));
  }
});
