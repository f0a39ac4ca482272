import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { assets } from '../assets.js';
import { chromiumPath } from './env.js';

/** How somebody looks at a page. */
export interface View {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
}

/** The apps' policy: everything from the page's own origin, nothing inline. */
const CONTENT_SECURITY_POLICY = "default-src 'self'";

/** Starts the Chromium that specs share; the caller closes it. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });

// The page and its assets come from here, so a spec needs neither a server nor a port.
const serve = (page: Page, html: string): Promise<unknown> =>
  page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    const asset = assets.find(({ path }) => path === pathname);
    return asset
      ? route.fulfill({ contentType: asset.type, body: asset.content })
      : route.fulfill({
          contentType: 'text/html; charset=utf-8',
          headers: { 'content-security-policy': CONTENT_SECURITY_POLICY },
          body: html,
        });
  });

const accessibilityProblems = async (page: Page): Promise<readonly string[]> => {
  // As an expression, because the policy forbids an injected script tag.
  const { violations } = await page.evaluate<axe.AxeResults>(`${axe.source}; axe.run()`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
};

const overflow = async (page: Page): Promise<readonly string[]> => {
  const hidden = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  return hidden > 0 ? [`overflow: ${hidden} px do not fit the width`] : [];
};

/** What a person would stumble over: axe's findings, a sideways scroll bar, and whatever the browser complains of. */
export const problemsOf = async (
  browser: Browser,
  html: string,
  { width, colorScheme }: View,
): Promise<readonly string[]> => {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await serve(page, html);
    await page.goto('http://learn.trivet.localhost/');
    return [...complaints, ...(await accessibilityProblems(page)), ...(await overflow(page))];
  } finally {
    await context.close();
  }
};
