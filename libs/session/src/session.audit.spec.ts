import type { INestApplication } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import type { Server } from 'node:http';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { on, sessionCookieOf, startApp } from './browser/two-apps.fixture.js';
import { SessionClock } from './session.clock.js';
import type { SessionAuditEvent } from './session.events.js';
import { SessionService } from './session.service.js';

let redis: RedisServer;
let app: INestApplication<Server>;
let events: SessionAuditEvent[];
const listen = (event: unknown) => void events.push(event as SessionAuditEvent);

beforeAll(async () => {
  redis = await RedisServer.start();
  app = await startApp(redis.url, 'learn', { maxSessionsPerUser: 2 });
});

beforeEach(() => {
  events = [];
  subscribe('trivet:session:audit', listen);
});

afterEach(() => void unsubscribe('trivet:session:audit', listen));

afterAll(async () => {
  await app?.close();
  await redis?.stop();
});

const trusted = { 'Sec-Fetch-Site': 'same-origin' };
const told = () => events.map(({ event, reason }) => (reason ? `${event}: ${reason}` : event));

async function signIn(user: string, cookie = ''): Promise<string> {
  return sessionCookieOf(
    await on(app)
      .post('/login')
      .set({ ...trusted, cookie })
      .send({ user }),
  );
}

const look = (cookie: string) => on(app).get('/me').set('Cookie', cookie);

it('tells a session’s life in OWASP’s words, and names nobody', async () => {
  const first = await signIn('ada@trivet.localhost');
  const second = await signIn('ada@trivet.localhost', first);
  await look(first);
  await on(app)
    .post('/logout')
    .set({ ...trusted, cookie: second });
  expect(told()).toEqual([
    'session_created',
    'session_created',
    'session_use_after_expire',
    'session_expired: logout',
  ]);
  const text = JSON.stringify(events);
  const ids = [first, second].map((pair) => decodeURIComponent(pair).replace(/^.*s:|\..*$/g, ''));
  for (const name of ['ada', ...ids]) expect(text).not.toContain(name);
});

it('tells which sessions the limit has ended', async () => {
  for (let i = 0; i < 3; i++) await signIn('many');
  expect(told().filter((line) => line !== 'session_created')).toEqual(['session_expired: limit']);
});

it('tells of a timeout', async () => {
  const cookie = await signIn('slow');
  const clock = app.get(SessionClock);
  clock.now = () => Date.now() + 5 * 3_600_000;
  await look(cookie);
  Reflect.deleteProperty(clock, 'now');
  expect(told()).toEqual(['session_created', 'session_expired: timeout']);
});

it('tells of revocations, of one user’s and of everybody’s sessions, and by whom', async () => {
  await signIn('root');
  await app.get(SessionService).revokeUser('two', 'root');
  await app.get(SessionService).revokeAll('root');
  expect(told().slice(1)).toEqual(['session_expired: revoked', 'session_expired: revoked']);
  const [operator, ...ends] = events;
  expect(ends.map(({ by }) => by)).toEqual([operator?.user, operator?.user]);
});
