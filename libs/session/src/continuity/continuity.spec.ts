import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedPostgres } from '@trivet/database/embedded';
import { RedisServer } from '@trivet/fault-kit';
import {
  Browser,
  continuityCookie,
  pulse,
  sessionCookie,
  SpecClock,
  startApp,
  startPostgres,
  until,
  type App,
} from './outage.fixture.js';

const minute = 60_000;
const hour = 60 * minute;

let postgres: EmbeddedPostgres;
let redis: RedisServer;
let clock: SpecClock;
let dashboard: App;
let learn: App;
let ada: Browser;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres?.stop());

const start = (name: string) => startApp(redis.url, name, { clock, databaseUrl: postgres.url });

beforeEach(async () => {
  clock = new SpecClock();
  redis = await RedisServer.start({ appendOnly: true });
  dashboard = await start('dashboard');
  learn = await start('learn');
  ada = new Browser('ada');
  await ada.signIn(dashboard);
});

afterEach(async () => {
  await Promise.all([dashboard?.close(), learn?.close()]);
  await redis?.stop();
});

const down = () => Promise.all([until(dashboard, 'down'), until(learn, 'down')]);
const up = () => Promise.all([until(dashboard, 'up'), until(learn, 'up')]);
const passes = async (ms: number) => {
  clock.advance(ms);
  await Promise.all([pulse(dashboard), pulse(learn)]);
};
const kill = async () => {
  await redis.kill();
  await down();
};
const cookies = () => new Map(ada.jar);

describe.each([
  ['killed', () => redis.kill(), () => redis.start()],
  ['hung', async () => redis.hang(), async () => redis.resume()],
])('while the session Redis is %s', (_how, fault, mend) => {
  it('people stay signed in in both apps, and nothing is set until it is back', async () => {
    const before = cookies();
    await fault();
    expect(await ada.seenBy(dashboard)).toBe('ada, recent');
    expect(await ada.seenBy(learn)).toBe('ada, snapshot');
    await down();
    const sets = ada.set.length;
    for (const app of [dashboard, learn]) {
      const answer = await ada.get(app);
      expect([answer.status, answer.get('X-Degraded')]).toEqual([200, 'session']);
    }
    expect(ada.set).toHaveLength(sets);
    await mend();
    await up();
    expect(await ada.seenBy(learn)).toBe('ada, live');
    expect(ada.jar.get(sessionCookie)).toBe(before.get(sessionCookie));
  });
});

it('serves in full for 15 minutes after the last confirmation, reduced for 4 hours, and then a guest whose cookie is kept', async () => {
  const before = cookies();
  await kill();
  await passes(14 * minute);
  expect(await ada.seenBy(learn)).toBe('ada, snapshot');
  await passes(2 * minute);
  expect(await ada.seenBy(learn)).toBe('ada, reduced');
  await passes(4 * hour - 17 * minute);
  expect(await ada.seenBy(learn)).toBe('ada, reduced');
  await passes(2 * minute);
  expect(await ada.seenBy(learn)).toBe('guest');
  expect(cookies()).toEqual(before);
});

it('shows when the sign-in ends, which no visit in an outage renews', async () => {
  await kill();
  const ends = async () => ((await ada.get(learn)).body as { idleExpiresAt: string }).idleExpiresAt;
  const first = await ends();
  await passes(10 * minute);
  expect(await ends()).toBe(first);
});

it('refuses step-ups for a while, and keeps the session', async () => {
  await kill();
  const answer = await ada.post(learn, 'password');
  expect([answer.status, answer.get('Retry-After')]).toEqual([503, '2']);
  expect(answer.body).toMatchObject({ code: 'SESSION_UNAVAILABLE' });
  expect(await ada.seenBy(learn)).toBe('ada, snapshot');
});

it('does not take a session for live that an app has only its own memory of', async () => {
  await kill();
  expect(await ada.seenBy(dashboard)).toBe('ada, recent');
  expect((await ada.post(dashboard, 'password')).status).toBe(503);
});

it('believes its own memory for 30 seconds, and the seal after that', async () => {
  await kill();
  ada.jar.delete(continuityCookie);
  await passes(29_000);
  expect(await ada.seenBy(dashboard)).toBe('ada, recent');
  await passes(2_000);
  expect(await ada.seenBy(dashboard)).toBe('guest');
});

it('knows people in a process that was started in the outage, once the mirror has told it who was signed out', async () => {
  await kill();
  await learn.close();
  learn = await start('learn');
  await pulse(learn);
  expect(await ada.seenBy(learn)).toBe('ada, snapshot');
});

it('believes no seal in a process that neither Redis nor the mirror has told anything', async () => {
  await kill();
  await learn.close();
  learn = await startApp(redis.url, 'learn', { clock });
  expect(await ada.seenBy(learn)).toBe('guest');
});

it('signs out in an outage for good, in both apps and after it', async () => {
  const stolen = new Browser('ada');
  for (const [name, value] of ada.jar) stolen.jar.set(name, value);
  await kill();
  await ada.post(learn, 'logout');
  expect([...ada.jar.keys()]).toEqual([]);
  expect(await stolen.seenBy(learn)).toBe('guest');
  await pulse(dashboard);
  expect(await stolen.seenBy(dashboard)).toBe('guest');
  await redis.start();
  await up();
  expect([await stolen.seenBy(dashboard), await stolen.seenBy(learn)]).toEqual(['guest', 'guest']);
});

describe('a sign-in while the session Redis is away', () => {
  let grace: Browser;

  beforeEach(async () => {
    grace = new Browser('grace');
    await kill();
    expect((await grace.signIn(dashboard)).status).toBe(201);
  });

  it('works at once in both apps', async () => {
    expect([await grace.seenBy(dashboard), await grace.seenBy(learn)]).toEqual([
      'grace, snapshot',
      'grace, snapshot',
    ]);
  });

  it('is entered into Redis when it is back, under the same id', async () => {
    const sid = grace.jar.get(sessionCookie);
    await redis.start();
    await up();
    expect(await grace.seenBy(learn)).toBe('grace, live');
    grace.jar.delete(continuityCookie);
    expect(await grace.seenBy(dashboard)).toBe('grace, live');
    expect(grace.jar.get(sessionCookie)).toBe(sid);
  });

  it('is not entered when it was signed out meanwhile', async () => {
    const stolen = new Browser('grace');
    for (const [name, value] of grace.jar) stolen.jar.set(name, value);
    await grace.post(learn, 'logout');
    await redis.start();
    await up();
    expect(await stolen.seenBy(dashboard)).toBe('guest');
  });

  it('is not entered again once it has ended', async () => {
    const stolen = new Browser('grace');
    for (const [name, value] of grace.jar) stolen.jar.set(name, value);
    await redis.start();
    await up();
    await grace.get(dashboard);
    await grace.post(dashboard, 'logout');
    expect(await stolen.seenBy(learn)).toBe('guest');
  });
});

it('ends the session that the browser had when somebody signs in in an outage', async () => {
  const stolen = new Browser('ada');
  for (const [name, value] of ada.jar) stolen.jar.set(name, value);
  await kill();
  await ada.signIn(learn);
  expect(await ada.seenBy(learn)).toBe('ada, snapshot');
  expect(await stolen.seenBy(learn)).toBe('guest');
});

it('keeps to the limit of sessions also when they are entered late', async () => {
  await Promise.all([dashboard.close(), learn.close()]);
  const limited = { clock, databaseUrl: postgres.url, maxSessionsPerUser: 1 };
  dashboard = await startApp(redis.url, 'dashboard', limited);
  learn = await startApp(redis.url, 'learn', limited);
  const phone = new Browser('ada', 'phone/1');
  await kill();
  await phone.signIn(dashboard);
  await redis.start();
  await up();
  expect(await phone.seenBy(dashboard)).toBe('ada, live');
  expect(await ada.seenBy(dashboard)).toBe('guest');
});

describe('when the session Redis has lost the data', () => {
  it('puts sessions back that it had confirmed before', async () => {
    const before = cookies();
    await redis.command('FLUSHALL');
    expect([await ada.seenBy(learn), await ada.seenBy(dashboard)]).toEqual(['ada, live', 'ada, live']);
    expect(ada.jar.get(sessionCookie)).toBe(before.get(sessionCookie));
    ada.jar.delete(continuityCookie);
    expect(await ada.seenBy(learn)).toBe('ada, live');
  });

  it('puts none back that was signed out', async () => {
    const stolen = new Browser('ada');
    for (const [name, value] of ada.jar) stolen.jar.set(name, value);
    await ada.post(dashboard, 'logout');
    await redis.command('FLUSHALL');
    expect([await stolen.seenBy(learn), await stolen.seenBy(dashboard)]).toEqual(['guest', 'guest']);
  });

  it('puts none back that started before everybody was signed out', async () => {
    await ada.post(dashboard, 'revoke-all');
    await redis.command('FLUSHALL');
    expect([await ada.seenBy(learn), await ada.seenBy(dashboard)]).toEqual(['guest', 'guest']);
  });
});

it('takes a session that is gone from Redis in ordinary times for over, whatever the seal says', async () => {
  // Since the apps connected, a while has passed in which nothing was lost and somebody was always there to see it.
  for (let i = 0; i < 8; i += 1) await passes(8_000);
  await ada.get(dashboard);
  for (const key of (await redis.command('KEYS', 'sess:record:*')) as string[])
    await redis.command('DEL', key);
  expect([await ada.seenBy(learn), await ada.seenBy(dashboard)]).toEqual(['guest', 'guest']);
  expect(ada.jar.has(sessionCookie)).toBe(true);
});
