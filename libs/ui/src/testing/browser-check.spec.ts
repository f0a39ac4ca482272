import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { problemsOf, startBrowser } from './browser-check.js';

jest.setTimeout(30_000);

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const problems = async (body: string): Promise<string> => {
  const html = `<!doctype html><html lang="en"><head><title>A page</title></head><body><main><h1>A page</h1>${body}</main></body></html>`;
  return (await problemsOf(browser, html, { width: 390, colorScheme: 'light' })).join('\n');
};

it('has nothing to say about a plain page', async () => {
  expect(await problems('<p>Text</p>')).toBe('');
});

it.each([
  ['an input without a label', '<input type="text">', /^label: <input/],
  ['a page that is too wide', '<pre>' + 'wide '.repeat(100) + '</pre>', /^overflow: /],
  ['an inline style', '<p style="color: red">Text</p>', /Content Security Policy/],
  ['an inline script', '<script>document.title = "mine"</script>', /Content Security Policy/],
])('names %s', async (_what, body, problem) => {
  expect(await problems(body)).toMatch(problem);
});
