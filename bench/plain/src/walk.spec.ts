import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from '@jest/globals';
import { startPlainStack, type PlainStack } from './plain-stack.fixture.js';

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
    await sleep(50);
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
