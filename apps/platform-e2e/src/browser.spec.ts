import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Platform } from '@trivet/tools';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { complaintsOf, startChromium } from './browser.js';
import { Visitor } from './visitor.js';

let platform: Platform;
let browser: Browser;

beforeAll(async () => {
  [platform, browser] = await Promise.all([Platform.start(), startChromium()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

async function inContext(
  options: Parameters<Browser['newContext']>[0],
  visit: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await visit(page, context);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('E-mail').fill(`${name}@trivet.localhost`);
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const openMenu = (page: Page, name: string) => page.locator('summary', { hasText: name }).click();

/** From the sign-in to the signed-out dashboard, as somebody with the page in front of them would. */
async function walk(page: Page, person: { readonly name: string; readonly account: string }): Promise<void> {
  const { dashboard, learn } = platform.urls;
  await page.goto(`${learn}/lessons/three-kinds-of-data`);
  await page.getByRole('link', { name: 'Sign in' }).first().click();
  expect(page.url()).toContain(`${dashboard}/login`);
  await signIn(page, person.account);
  await page.waitForURL(`${learn}/lessons/three-kinds-of-data`);

  await page.getByRole('button', { name: 'Mark as completed' }).click();
  await page.getByText('Well done: this lesson is completed.').waitFor();
  await page.getByRole('button', { name: 'Get the certificate' }).click();
  await page.waitForURL(`${learn}/certificates/*`);
  await downloadPdf(page);

  await page.getByRole('link', { name: 'Dashboard' }).first().click();
  await page.waitForURL(`${dashboard}/`);
  await page.getByText('1 of 5 lessons').waitFor();

  await page.goto(`${learn}/`);
  await openMenu(page, person.name);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out of all sites.').waitFor();
  await page.goto(`${dashboard}/`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}

async function downloadPdf(page: Page): Promise<void> {
  const link = page.getByRole('link', { name: 'Download the PDF' });
  const deadline = performance.now() + 15_000;
  // Without scripts the page is one to reload, as it says itself.
  while (!(await link.isVisible()) && performance.now() < deadline) {
    await page.waitForTimeout(250);
    await page.reload();
  }
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const pdf = await readFile(await download.path());
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(download.suggestedFilename()).toMatch(/\.pdf$/);
}

it(
  'goes from the sign-in to the certificate and out again',
  () => inContext({}, (page) => walk(page, { name: 'Ada Lovelace', account: 'ada' })),
  60_000,
);

it(
  'does so without JavaScript',
  () =>
    inContext({ javaScriptEnabled: false }, (page) => walk(page, { name: 'Grace Hopper', account: 'grace' })),
  60_000,
);

it('signs two tabs of two sites out at once', () =>
  inContext({}, async (page, context) => {
    await page.goto(`${platform.urls.dashboard}/login`);
    await signIn(page, 'learner-001');
    await page.waitForURL(`${platform.urls.dashboard}/`);
    const other = await context.newPage();
    await other.goto(`${platform.urls.learn}/`);
    await other.locator('.user-menu summary').click();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByText('You are signed out of all sites.').waitFor();
    await page.goto(`${platform.urls.dashboard}/account`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  }));

it('says why somebody has to sign in again', () =>
  inContext({}, async (page, context) => {
    const { dashboard } = platform.urls;
    await page.goto(`${dashboard}/login`);
    expect(await page.locator('main .alert').count()).toBe(0);
    await signIn(page, 'learner-003');
    await page.waitForURL(`${dashboard}/`);
    const elsewhere = await Visitor.signedIn(platform, 'learner-003');
    await elsewhere.delete('dashboard', '/api/devices?except=current').expect(204);
    await page.goto(`${dashboard}/account`);
    await page.getByText('Your sign-in was ended elsewhere').waitFor();
    // As after four hours in which no page was opened.
    const [until] = (await context.cookies()).filter(({ name }) => name === '_shared_org_until');
    const [, absolute] = until?.value.split('.') ?? [];
    await context.addCookies([{ ...until!, value: `${Date.now() - 1000}.${absolute}` }]);
    await page.reload();
    await page.getByText('You were away for long enough').waitFor();
  }));

it('follows the certificate by itself until it is ready', () =>
  inContext({}, async (page) => {
    await page.goto(
      `${platform.urls.dashboard}/login?return_to=${encodeURIComponent(`${platform.urls.learn}/`)}`,
    );
    await signIn(page, 'learner-002');
    await page.getByRole('button', { name: 'Get the certificate' }).first().click();
    await page.getByRole('link', { name: 'Download the PDF' }).waitFor({ timeout: 15_000 });
  }));
