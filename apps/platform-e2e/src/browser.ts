import { execFileSync } from 'node:child_process';
import { chromium, type Browser, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Starts the Chromium of `CHROMIUM_PATH`, else the system's; the caller closes it. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? findChromium(), args: quiet });

function findChromium(): string {
  try {
    const found = execFileSync('/bin/sh', ['-c', names.map((name) => `command -v ${name}`).join(' || ')]);
    return found.toString().trim();
  } catch (cause) {
    throw new Error('No Chromium: install the package `chromium`, or name one in CHROMIUM_PATH.', { cause });
  }
}

/** Collects what the page complains of: console errors, refusals of its policy, failed requests, 5xx. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => {
    // A download is no failure, though Chromium ends its navigation so.
    const reason = request.failure()?.errorText ?? '';
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.url()}: ${response.status()}`);
  });
  return complaints;
}
