import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { EmbeddedPostgres } from '@trivet/database/embedded';
import { FaultTarget, faults } from '@trivet/fault-kit';
import {
  Browser,
  pulse,
  sessionCookie,
  SpecClock,
  startApp,
  startPostgres,
  until,
  type App,
} from './outage.fixture.js';

/** `npm run chaos -- sessions` asks for more. */
const { people = 50 } = globalThis as { readonly people?: number };
const patienceMs = 30_000 + people * 600;
const minute = 60_000;

let postgres: EmbeddedPostgres;
let clock: SpecClock;
let target: FaultTarget;
let apps: App[];
let browsers: Browser[];

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres?.stop());

afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await target.stop();
});

async function startApps(): Promise<void> {
  const options = { clock, databaseUrl: postgres.url };
  apps = await Promise.all(['dashboard', 'learn'].map((name) => startApp(target.url, name, options)));
}

const pulses = () => Promise.all(apps.map((app) => pulse(app)));

async function everybodySignsIn(from: number, count = people / 2): Promise<void> {
  const newcomers = Array.from({ length: count }, (_, i) => new Browser(`person-${from + i}`));
  browsers.push(...newcomers);
  for (const browser of newcomers) await browser.signIn(apps[0]!);
}

/** Asks both apps as everybody. @returns whom somebody else was taken for, and whose session cookie was replaced or cleared. */
async function losses(): Promise<string[]> {
  const lost: string[] = [];
  for (const browser of browsers) {
    const sid = browser.jar.get(sessionCookie);
    for (const app of apps) {
      const { user } = (await browser.get(app)).body as { user: string };
      if (user !== browser.user) lost.push(`${browser.user} was ${user}`);
    }
    if (browser.jar.get(sessionCookie) !== sid) lost.push(`${browser.user} has another session id`);
  }
  return lost;
}

async function restartApps(): Promise<void> {
  await Promise.all(apps.map((app) => app.close()));
  await startApps();
  await pulses();
}

async function start(topology: 'standalone' | 'sentinel'): Promise<void> {
  [clock, browsers] = [new SpecClock(), []];
  target = await FaultTarget.start(topology, { appendOnly: true });
  await startApps();
  await everybodySignsIn(0);
}

beforeEach(() => {
  apps = [];
});

it(
  'keeps everybody signed in through 30 minutes without any Redis, with both apps restarted meanwhile',
  async () => {
    await start('standalone');
    await everybodySignsIn(people / 2);
    expect(await losses()).toEqual([]);
    const undo = await faults.refused.apply(target);
    await Promise.all(apps.map((app) => until(app, 'down')));
    for (let passed = 0; passed < 30; passed += 10) {
      clock.advance(10 * minute);
      await pulses();
      expect(await losses()).toEqual([]);
      if (passed === 10) await restartApps();
    }
    await undo();
    await Promise.all(apps.map((app) => until(app, 'up')));
    expect(await losses()).toEqual([]);
  },
  patienceMs,
);

it(
  'keeps everybody signed in through a FLUSHALL, with both apps restarted after it',
  async () => {
    await start('standalone');
    await everybodySignsIn(people / 2);
    await faults.flushAll.apply(target);
    expect(await losses()).toEqual([]);
    await restartApps();
    expect(await losses()).toEqual([]);
  },
  patienceMs,
);

it(
  'keeps everybody signed in when a dump of 24 hours ago is restored',
  async () => {
    await start('standalone');
    await target.snapshot();
    clock.advance(24 * 60 * minute);
    await pulses();
    browsers = [];
    await everybodySignsIn(0);
    await everybodySignsIn(people / 2);
    expect(await losses()).toEqual([]);
    await faults.oldDump.apply(target);
    await Promise.all(apps.map((app) => until(app, 'up')));
    expect(await losses()).toEqual([]);
    await restartApps();
    expect(await losses()).toEqual([]);
  },
  patienceMs,
);

it(
  'keeps everybody signed in through a failover that loses the last sign-ins',
  async () => {
    await start('sentinel');
    const cluster = target.cluster;
    // Sentinels promote no replica that was cut off for five seconds: more cannot be lost.
    const late = Math.min(people / 2, 100);
    await everybodySignsIn(people / 2, people / 2 - late);
    const undo = await cluster.cutReplication();
    await everybodySignsIn(people - late, late);
    const back = await cluster.failover();
    await Promise.all(apps.map((app) => until(app, 'up')));
    expect(await losses()).toEqual([]);
    await back();
    await undo();
    expect(await losses()).toEqual([]);
  },
  patienceMs,
);
