import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import type { Request } from 'express';
import type { Server } from 'node:http';
import type { Response } from 'supertest';
import { SessionEnds } from './session-ends.js';
import { Jar, handoff, on, startApp } from './two-apps.fixture.js';

const hour = 3_600_000;
const name = '_shared_org_until';

let redis: RedisServer;
let dashboard: INestApplication<Server>;

beforeAll(async () => {
  redis = await RedisServer.start();
  dashboard = await startApp(redis.url, 'dashboard', { handoff: handoff() });
});

afterAll(async () => {
  await dashboard?.close();
  await redis?.stop();
});

const toldBy = (answer: Response) => answer.get('Set-Cookie')?.find((line) => line.startsWith(`${name}=`));

async function signIn(): Promise<{ jar: Jar; answer: Response; token: string }> {
  const jar = new Jar();
  const answer = await on(dashboard).post('/login').send({ user: 'ada' });
  jar.keep('dashboard', answer);
  return { jar, answer, token: (answer.body as { csrfToken: string }).csrfToken };
}

/** Why a guest who brings this cookie has to sign in, as far as can be told. */
const why = (value: string) =>
  dashboard.get(SessionEnds).of({ headers: { cookie: `${name}=${value}` } } as Request);

it('tells the browser both ends of the session, in a cookie that all apps and their scripts can read', async () => {
  const before = Date.now();
  const line = toldBy((await signIn()).answer) ?? '';
  expect(line).toMatch(
    /^_shared_org_until=\d{13}\.\d{13}; Max-Age=\d+; Domain=trivet\.localhost; Path=\/; Expires=[^;]+; SameSite=Lax$/,
  );
  const [idle = 0, absolute = 0] = line.split(/[=;]/)[1]?.split('.').map(Number) ?? [];
  for (const [end, lasts] of [
    [idle, 4 * hour],
    [absolute, 12 * hour],
  ] as const) {
    expect(end - lasts).toBeGreaterThanOrEqual(before);
    expect(end - lasts).toBeLessThanOrEqual(Date.now());
  }
});

it('tells it again only when it has moved by a minute', async () => {
  const { jar } = await signIn();
  const ask = () => on(dashboard).get('/me').set('Cookie', jar.for('dashboard'));
  expect(toldBy(await ask())).toBeUndefined();
  jest.useFakeTimers({
    now: Date.now() + 61_000,
    doNotFake: [
      'nextTick',
      'setImmediate',
      'setTimeout',
      'setInterval',
      'clearTimeout',
      'clearInterval',
      'queueMicrotask',
      'performance',
      'hrtime',
    ],
  });
  try {
    expect(toldBy(await ask())).toBeDefined();
  } finally {
    jest.useRealTimers();
  }
});

it('tells nothing to a guest', async () => {
  expect(toldBy(await on(dashboard).get('/me'))).toBeUndefined();
});

it('forgets it at the sign-out, also of a session that is over already', async () => {
  const { jar, token } = await signIn();
  for (let time = 0; time < 2; time += 1) {
    const answer = await on(dashboard)
      .post('/logout')
      .set({ Cookie: jar.for('dashboard'), 'X-CSRF-Token': token });
    expect(toldBy(answer)).toMatch(/^_shared_org_until=; Domain=trivet\.localhost; .*1970/);
  }
});

it('says why somebody has to sign in again', () => {
  const at = (idle: number, absolute: number) =>
    `${Date.now() + idle * hour}.${Date.now() + absolute * hour}`;
  expect(why(at(-1, 7))).toBe('idle');
  expect(why(at(3, -1))).toBe('absolute');
  expect(why(at(-2, -1))).toBe('absolute');
  expect(why(at(3, 7))).toBe('ended');
});

it.each(['', 'x', '1.2', '9999999999999', '<script>.<script>'])('takes %j for no time', (value) => {
  expect(why(value)).toBeUndefined();
});
