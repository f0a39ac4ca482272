import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AppName } from '@trivet/tools';
import { eventually } from './eventually.js';
import { platform } from './stage.js';
import { bodyOf, Visitor } from './visitor.js';

const processes: readonly AppName[] = ['dashboard', 'learn', 'worker'];

/** What must not be found anywhere but in PostgreSQL and in people's browsers. */
const secrets = new Map<string, string>();

/** The id in a session cookie's value, without its signature. */
const sidOf = (cookie = ''): string => /^s:([^.]+)\./.exec(decodeURIComponent(cookie))?.[1] ?? '';

function remember(what: string, value: string): void {
  expect(value.length).toBeGreaterThan(5);
  secrets.set(value, what);
}

async function rememberPerson(name: string, visitor: Visitor): Promise<void> {
  const { user } = await bodyOf<{ user: { name: string; email: string } }>(visitor.get('learn', '/api/me'));
  remember(`the e-mail of ${name}`, user.email);
  remember(`the name of ${name}`, user.name);
  remember(`the session id of ${name}`, sidOf(visitor.cookie));
}

/** A morning on the platform: with a wrong password, a lost Redis, a new password and a sign-out. */
async function live(name: string): Promise<void> {
  await new Visitor(platform).signIn(name, 'a wrong guess').expect(401);
  const [visitor, phone] = [await Visitor.signedIn(platform, name), await Visitor.signedIn(platform, name)];
  await rememberPerson(name, visitor);
  remember(`the other session id of ${name}`, sidOf(phone.cookie));
  for (const path of ['/', '/account', '/login']) await visitor.page('dashboard', path);
  await visitor.post('learn', '/api/notes', { text: 'a note' });
  await visitor.post('learn', '/api/lessons/three-kinds-of-data/complete');
  await visitor
    .post('learn', '/api/notes', { text: 'forged' })
    .set('Sec-Fetch-Site', 'same-site')
    .expect(403);
  await platform.redis.session.kill();
  for (const path of ['/', '/account']) await visitor.page('dashboard', path);
  await platform.redis.session.start();
  // One may find Redis again before the other.
  for (const app of ['dashboard', 'learn'] as const) {
    await eventually(
      () => visitor.get(app, '/api/me'),
      (answer) => isLive(answer.body),
      10_000,
    );
  }
  const passwords = { currentPassword: 'correct horse', newPassword: 'battery staple' };
  await visitor.post('dashboard', '/api/account/password', passwords).expect(204);
  remember(`the rotated session id of ${name}`, sidOf(visitor.cookie));
  await phone.post('learn', '/api/logout');
}

const isLive = (body: unknown): boolean => (body as { session?: { mode: string } }).session?.mode === 'live';

/** Everything that the session Redis has on disk. */
async function onDisk(): Promise<string> {
  const { session } = platform.redis;
  await session.command('SAVE');
  await session.command('CONFIG', 'SET', 'appendfsync', 'always');
  await session.command('SET', 'spec:marker', 'the last write');
  const files = await readdir(session.dir, { recursive: true, withFileTypes: true });
  const parts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), 'latin1'));
  return (await Promise.all(parts)).join('\n');
}

const found = (text: string): string[] =>
  [...secrets].filter(([value]) => text.includes(value)).map(([, what]) => what);

beforeAll(async () => {
  for (const name of ['ada', 'grace', 'learner-001']) await live(name);
}, 120_000);

describe('nobody is found by a search', () => {
  it('in the dump and the append-only file of the session Redis', async () => {
    const text = await onDisk();
    // The search sees what was written last.
    expect(text).toContain('the last write');
    expect(text).toContain('sess:');
    expect(found(text)).toEqual([]);
  });

  it.each(processes)('in the log of %s', (app) => {
    const text = platform.logs(app).join('\n');
    expect(text.length).toBeGreaterThan(0);
    expect(found(text)).toEqual([]);
  });

  it.each(processes)('in the metrics of %s', async (app) => {
    const text = await (await fetch(`${platform.management[app]}/metrics`)).text();
    expect(text).toContain('trivet_redis_up');
    expect(found(text)).toEqual([]);
  });

  it('but by this one, where somebody is', async () => {
    const [[value = '', what = ''] = []] = secrets;
    await platform.redis.session.command('SET', 'spec:leak', `x${value}x`);
    expect(found(await onDisk())).toEqual([what]);
  });
});
