import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { assets } from './assets.js';
import { Layout } from './layout/layout.js';
import { renderPage } from './render-page.js';
import { signedInContext, startBrowser } from './testing/index.js';

const minute = 60_000;
const openedAt = signedInContext().now.getTime();
const html = renderPage(
  <Layout context={signedInContext({ path: '/lessons/one' })} title="A lesson">
    <h1>A lesson</h1>
  </Layout>,
);

let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  browser = await startBrowser();
}, 30_000);

afterAll(() => browser?.close());

/** A page whose clock stands at the moment it was made, and whose sign-in ends so many minutes later. */
async function open(idleMinutes: number, absoluteMinutes: number): Promise<Page> {
  context = await browser.newContext();
  const page = await context.newPage();
  await page.route('**/*', (route) => {
    const asset = assets.find(({ path }) => path === new URL(route.request().url()).pathname);
    return route.fulfill(
      asset ? { contentType: asset.type, body: asset.content } : { contentType: 'text/html', body: html },
    );
  });
  await ends(idleMinutes, absoluteMinutes);
  await page.clock.install({ time: openedAt });
  await page.goto('http://learn.trivet.localhost/');
  return page;
}

const at = (minutes: number) => openedAt + (minutes + 0.5) * minute;

/** As an answer of either app does; half a minute more, because the page's clock goes on. */
const ends = (idleMinutes: number, absoluteMinutes: number) =>
  context.addCookies([
    {
      name: '_shared_org_until',
      value: `${at(idleMinutes)}.${at(absoluteMinutes)}`,
      domain: '.trivet.localhost',
      path: '/',
    },
  ]);

const notice = (page: Page) => page.locator('#ending').innerText();

it('counts down to the idle timeout, and says when it is over and where to go on', async () => {
  const page = await open(240, 720);
  expect(await notice(page)).toBe('');
  await page.clock.fastForward(215 * minute);
  expect(await notice(page)).toBe(
    'Your sign-in ends in 25 min.\nOpen any page before then to stay signed in.',
  );
  await page.clock.fastForward(26 * minute);
  expect(await notice(page)).toContain('Your sign-in has ended.');
  expect(await page.getByRole('link', { name: 'Sign in again' }).getAttribute('href')).toContain(
    `return_to=${encodeURIComponent('http://learn.trivet.localhost:3002/lessons/one')}`,
  );
  await context.close();
}, 30_000);

it('takes back its warning after activity elsewhere', async () => {
  const page = await open(20, 720);
  expect(await notice(page)).toContain('20 min');
  await ends(240, 720);
  await page.clock.fastForward(minute);
  expect(await notice(page)).toBe('');
  await context.close();
}, 30_000);

it('says of the absolute timeout that no activity moves it', async () => {
  const page = await open(240, 10);
  expect(await notice(page)).toContain('longest allowed time');
  await context.close();
}, 30_000);
