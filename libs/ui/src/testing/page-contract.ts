import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { load, type CheerioAPI } from 'cheerio';
import type { Browser } from 'playwright-core';
import type { VNode } from 'preact';
import { renderPage } from '../render-page.js';
import { problemsOf, startBrowser, type View } from './browser-check.js';

/** For a browser on a machine that is busy with other specs. */
const BROWSER_DEADLINE_MS = 30_000;

const views: readonly View[] = [
  { width: 390, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
];

const headingSteps = ($: CheerioAPI): readonly number[] => {
  const levels = $('h1, h2, h3, h4, h5, h6')
    .map((_, heading) => Number(heading.tagName.slice(1)))
    .get();
  return levels.map((level, index) => level - (levels[index - 1] ?? 0));
};

const unlabelled = ($: CheerioAPI): readonly string[] =>
  $('input:not([type=hidden]), textarea, select')
    .map((_, control) => $(control).attr('id') ?? 'without an id')
    .get()
    .filter((id) => $(`label[for="${id}"]`).length !== 1);

const describePage = (page: VNode, browser: () => Browser): void => {
  const html = renderPage(page);
  const $ = load(html);

  it('says its language, its title and one main heading', () => {
    expect(html).toMatch(/^<!doctype html><html lang="en">/);
    expect($('title').text()).toMatch(/^.+ · Trivet$/);
    expect($('main h1')).toHaveLength(1);
  });

  it('never skips a heading level', () => {
    expect(Math.max(...headingSteps($))).toBe(1);
  });

  it('sends the CSRF token with every form', () => {
    const tokens = $('form').map((_, form) => $(form).find('input[name=_csrf]').attr('value') ?? 'none');
    expect(new Set(tokens.get())).toEqual(new Set($('form').length > 0 ? ['token-of-this-request'] : []));
    expect($('form:not([method=post])')).toHaveLength(0);
  });

  it('ties one label to every input', () => {
    expect(unlabelled($)).toEqual([]);
  });

  it('runs nothing that its reader typed', () => {
    expect($('script:not([src]), [style], style, [onclick], [onerror]')).toHaveLength(0);
    expect($('a[href^="javascript:"]')).toHaveLength(0);
  });

  it.each(views)(
    'is accessible and fits at $width px in $colorScheme colours',
    async (view) => {
      expect(await problemsOf(browser(), html, view)).toEqual([]);
    },
    BROWSER_DEADLINE_MS,
  );
};

/**
 * What every page of both apps promises, as specs in the caller's suite: structure, CSRF, labels, and
 * in a real Chromium under the apps' Content-Security-Policy no accessibility problem in any view.
 */
export const describePages = (pages: Readonly<Record<string, VNode>>): void => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, BROWSER_DEADLINE_MS);
  afterAll(() => browser.close());

  describe.each(Object.entries(pages))('%s', (_name, page) => describePage(page, () => browser));
};
