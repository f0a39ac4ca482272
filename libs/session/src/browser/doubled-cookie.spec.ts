import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import type { Server } from 'node:http';
import { clearShadows } from './shadow-cookies.js';
import { on, sessionCookieOf, startApp } from './two-apps.fixture.js';

describe('a session cookie that comes twice', () => {
  let redis: RedisServer;
  let learn: INestApplication<Server>;
  let honest: string;
  let planted: string;

  beforeAll(async () => {
    redis = await RedisServer.start();
    learn = await startApp(redis.url, 'learn');
    honest = sessionCookieOf(await on(learn).post('/login').send({ user: 'ada' }));
    planted = sessionCookieOf(await on(learn).post('/login').send({ user: 'mallory' }));
  });

  afterAll(async () => {
    await learn?.close();
    await redis?.stop();
  });

  const ask = (cookie: string, path = '/me') => on(learn).get(path).set('Cookie', cookie);

  it.each<[string, () => string]>([
    ['a stranger’s session first', () => `${planted}; ${honest}`],
    ['a stranger’s session last', () => `${honest}; ${planted}`],
    ['garbage first', () => `_shared_org_session=garbage; ${honest}`],
    ['an empty one first', () => `_shared_org_session=; ${honest}`],
    ['without a value first', () => `_shared_org_session; ${honest}`],
    ['itself again', () => `${honest}; ${honest}`],
    ['others between', () => `a=1; ${planted}; b=2;${honest};_shared_org_session="x;y"`],
  ])('makes a guest: %s', async (_what, cookie) => {
    await ask(cookie()).expect(200, { user: 'guest' });
  });

  it('signs nobody out: the honest cookie is neither replaced nor cleared, and works again alone', async () => {
    for (const path of ['/me', '/lessons/one']) {
      const lines = (await ask(`${planted}; ${honest}`, path)).get('Set-Cookie') ?? [];
      expect(lines.filter((line) => /Domain=trivet\.localhost; Path=\/;/.test(line))).toEqual([]);
      expect(lines.every((line) => line.startsWith('_shared_org_session=; '))).toBe(true);
    }
    await ask(honest).expect(200, { user: 'ada' });
  });

  it('is not replaced by a session that a handler starts for the guest', async () => {
    const answer = await on(learn)
      .post('/note')
      .set('Cookie', `${planted}; ${honest}`)
      .set('Sec-Fetch-Site', 'same-origin')
      .send({});
    expect(answer.body).toEqual({ user: 'guest' });
    expect(sessionCookieOf(answer)).toBe('_shared_org_session=');
  });

  it('gives way to a new sign-in', async () => {
    const answer = await on(learn)
      .post('/login')
      .set('Cookie', `${planted}; ${honest}`)
      .send({ user: 'ada' });
    const fresh = (answer.get('Set-Cookie') ?? []).find((line) => /^_shared_org_session=s/.test(line));
    await ask(fresh?.split(';')[0] ?? '').expect(200, { user: 'ada' });
  });

  it('is not mistaken for cookies of other names, or for itself once', async () => {
    await ask(`x_shared_org_session=1; _shared_org_session2=2; ${honest}`).expect(200, { user: 'ada' });
  });
});

describe('the shadows that an answer clears', () => {
  const scope = { host: 'learn.example.org', cookieDomain: 'example.org', secure: false };
  const cleared = (path: string, more: object = {}) =>
    clearShadows('sid', { ...scope, path, ...more }).map((line) =>
      line.replace('sid=; ', '').replace('; Expires=Thu, 01 Jan 1970 00:00:00 GMT', ''),
    );

  it('are those of the path and its parents, on the host and the domains above', () => {
    expect(cleared('/a/b')).toEqual([
      'Path=/',
      'Domain=learn.example.org; Path=/',
      ...['/a', '/a/', '/a/b'].flatMap((path) => [
        `Path=${path}`,
        `Domain=learn.example.org; Path=${path}`,
        `Domain=example.org; Path=${path}`,
      ]),
    ]);
  });

  it('are never the honest one, also where app and cookie share their domain', () => {
    expect(cleared('/', { host: 'example.org' })).toEqual([]);
  });

  it('are also those of the domains above the cookie’s own', () => {
    expect(cleared('/', { host: 'learn.apps.example.org', cookieDomain: 'apps.example.org' })).toContain(
      'Domain=example.org; Path=/',
    );
  });

  it('are also the partitioned ones, over https', () => {
    const lines = cleared('/', { secure: true });
    expect(lines).toContain('Domain=example.org; Path=/; Secure; Partitioned');
    expect(lines).not.toContain('Domain=example.org; Path=/; Secure');
  });

  it('are no way to write into a header, and no way to make it long', () => {
    expect(cleared('/a;Domain=evil.test/b').join('\n')).not.toMatch(/evil|;Domain/);
    expect(clearShadows('sid', { ...scope, path: '/x'.repeat(500), secure: true }).length).toBeLessThan(25);
  });
});
