import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from '@jest/globals';
import { academyMigrations, seedCourses, seedDemoAccounts } from '@trivet/academy';
import { Database, runMigrations } from '@trivet/database';
import { queueMigrations } from '@trivet/queue';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { freePort, RedisServer } from '@trivet/fault-kit';

let stack: PlainStack;
let cookie = '';

beforeAll(async () => {
  stack = await startPlainStack();
});

type App = keyof PlainStack['ports'];

/** Sends `METHOD /path` as a browser with one cookie jar for both apps. */
async function send(app: App, route: string, body?: object): Promise<Response> {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(`http://127.0.0.1:${stack.ports[app]}${path}`, {
    method,
    redirect: 'manual',
    headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
  return response;
}

const status = async (app: App, route: string, body?: object) => (await send(app, route, body)).status;

async function json<T>(app: App, route: string, body?: object): Promise<T> {
  return (await (await send(app, route, body)).json()) as T;
}

/** Asks until the answer is as wanted; the test's own limit ends it. */
async function until<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  for (let answer = await ask(); ; answer = await ask()) {
    if (isRight(answer)) return answer;
    await sleep(POLL_MS);
  }
}

it('turns guests away', async () => {
  expect(await status('dashboard', 'GET /api/me')).toBe(401);
  expect(await status('dashboard', 'GET /')).toBe(303);
  expect(await status('dashboard', 'GET /login')).toBe(200);
});

it('signs in for both apps', async () => {
  const wrong = { email: 'root@trivet.localhost', password: 'wrong' };
  expect(await status('dashboard', 'POST /api/login', wrong)).toBe(401);
  expect(await status('dashboard', 'POST /api/login', { ...wrong, password: 'correct horse' })).toBe(200);
  const me = await json<object>('learn', 'GET /api/me');
  expect(me).toMatchObject({ user: { email: wrong.email }, csrfToken: expect.any(String) });
  for (const path of ['/', '/account', '/api/devices'])
    expect(await status('dashboard', `GET ${path}`)).toBe(200);
  expect(await status('dashboard', 'GET /login')).toBe(303);
});

it('serves lessons from the cache and shows an edit at once', async () => {
  const lesson = '/lessons/memory-and-eviction';
  const outcome = async () => (await send('learn', `GET /api${lesson}`)).headers.get('x-cache');
  expect([await outcome(), await outcome()]).toEqual(['miss', 'hit']);
  const edit = { title: 'Edited', markdown: 'New.' };
  expect(await status('dashboard', `PUT /api${lesson}`, edit)).toBe(200);
  expect(await json('learn', `GET /api${lesson}`)).toMatchObject({ title: 'Edited' });
  for (const path of ['/', lesson, '/api/courses']) expect(await status('learn', `GET ${path}`)).toBe(200);
  expect(await status('learn', 'GET /api/lessons/no-such-lesson')).toBe(404);
  expect(await status('learn', `POST /api${lesson}/complete`)).toBe(200);
});

it('has its worker write notes and certificates', async () => {
  expect(await status('learn', 'POST /api/notes', { text: '' })).toBe(400);
  const { id: noteId } = await json<{ id: string }>('learn', 'POST /api/notes', { text: 'mine' });
  const notes = await until(
    () => json<object[]>('learn', 'GET /api/notes?limit=20'),
    ({ length }) => length > 0,
  );
  expect(notes).toMatchObject([{ jobId: noteId, text: 'mine' }]);
  const course = { course: 'redis-in-production' };
  const { id } = await json<{ id: string }>('learn', 'POST /api/certificates', course);
  const file = await until(
    () => send('dashboard', `GET /api/certificates/${id}/file`),
    ({ status }) => status === 200,
  );
  expect(await file.text()).toMatch(/^%PDF/);
  expect(await status('learn', 'POST /api/certificates', course)).toBe(409);
  expect(await status('learn', `GET /api/certificates/${id}`)).toBe(200);
});

it('ends other sessions, and its own in both apps', async () => {
  const first = cookie;
  const account = { email: 'root@trivet.localhost', password: 'correct horse' };
  cookie = '';
  await send('dashboard', 'POST /api/login', account);
  expect(await json('dashboard', 'GET /api/devices')).toHaveLength(2);
  expect(await status('dashboard', 'DELETE /api/devices?except=current')).toBe(204);
  expect(await json('dashboard', 'GET /api/devices')).toHaveLength(1);
  const second = cookie;
  cookie = first;
  expect(await status('learn', 'GET /api/me')).toBe(401);
  cookie = second;
  expect(await status('learn', 'POST /api/logout')).toBe(204);
  expect(await status('dashboard', 'GET /api/me')).toBe(401);
});

it('ends cleanly on SIGTERM', async () => {
  expect(await stack.stop()).toBe(0);
});

const POLL_MS = 50;
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

interface PlainStack {
  readonly ports: Readonly<Record<'dashboard' | 'learn', number>>;
  /** Ends the stack, then its stores. Resolves to the stack's exit code. */
  stop(): Promise<number | null>;
}

/** The built stack over stores of its own. */
async function startPlainStack(): Promise<PlainStack> {
  const [postgres, session, cache, queue] = await Promise.all([
    EmbeddedPostgres.start(),
    RedisServer.start(),
    RedisServer.start(),
    RedisServer.start(),
  ]);
  await seed(postgres.url);
  const ports = { dashboard: await freePort(), learn: await freePort() };
  const env = {
    PATH: process.env['PATH'],
    PORT_DASHBOARD: String(ports.dashboard),
    PORT_LEARN: String(ports.learn),
    COOKIE_SECRETS: 'c'.repeat(32),
    DATABASE_URL: postgres.url,
    REDIS_SESSION_URL: session.url,
    REDIS_CACHE_URL: cache.url,
    REDIS_QUEUE_URL: queue.url,
  };
  const stack = spawn(process.execPath, [main], { env, stdio: 'inherit' });
  const exited = once(stack, 'exit');
  const stop = async (): Promise<number | null> => {
    stack.kill('SIGTERM');
    await exited;
    await Promise.all([postgres, session, cache, queue].map((store) => store.stop()));
    return stack.exitCode;
  };
  for (const port of Object.values(ports)) while (!(await isUp(port))) await sleep(POLL_MS);
  return { ports, stop };
}

async function seed(url: string): Promise<void> {
  await runMigrations(url, [queueMigrations, academyMigrations]);
  const database = new Database({ url });
  await seedCourses(database);
  await seedDemoAccounts(database);
  await database.onApplicationShutdown();
}

const isUp = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
