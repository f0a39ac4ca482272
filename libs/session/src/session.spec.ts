import { Body, Controller, Delete, Get, Post, Req, Res, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { getRedisToken, type GuardedRedis } from '@trivet/redis';
import type { Request, Response } from 'express';
import type { Server } from 'node:http';
import supertest, { type Response as Answer } from 'supertest';
import { RequiresLiveSession } from './live-session.js';
import { SessionModule } from './session.module.js';
import { SessionService } from './session.service.js';

@Controller()
class AccountController {
  constructor(private readonly sessions: SessionService) {}

  @Post('login')
  async login(@Req() request: Request, @Body('user') user: string) {
    return { csrfToken: (await this.sessions.signIn(request, user)).csrfToken };
  }

  @Get('me')
  me(@Req() request: Request) {
    return { user: this.sessions.identityOf(request)?.userId ?? 'guest', ...this.sessions.infoOf(request) };
  }

  @Post('logout')
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    await this.sessions.signOut(request, response);
  }

  @Get('devices')
  async devices(@Req() request: Request) {
    return this.sessions.devices(this.sessions.identityOf(request)!);
  }

  @Delete('devices')
  async revokeOthers(@Req() request: Request) {
    return { ended: await this.sessions.revoke(this.sessions.identityOf(request)!, 'others') };
  }

  @RequiresLiveSession()
  @Post('password')
  password() {
    return { changed: true };
  }
}

const secret = 'a secret of at least thirty-two characters';

async function startApp(url: string, app: string): Promise<INestApplication<Server>> {
  const module = await Test.createTestingModule({
    imports: [
      SessionModule.forRoot({
        redis: { url, deadlineMs: 500, healthIntervalMs: 100, bootWaitMs: 1000 },
        app,
        publicUrl: `http://${app}.trivet.localhost`,
        cookieDomain: 'trivet.localhost',
        cookieSecrets: [secret],
        keySecret: secret,
        sealKeys: [secret],
      }),
    ],
    controllers: [AccountController],
  }).compile();
  const nest = module.createNestApplication<INestApplication<Server>>({ logger: false });
  await nest.init();
  return nest;
}

/** The line by which an answer sets the session cookie. */
const setCookieOf = (answer: Answer): string =>
  (answer.get('Set-Cookie') ?? []).find((line) => line.startsWith('_shared_org_session=')) ?? '';
const cookieOf = (answer: Answer): string => setCookieOf(answer).split(';')[0] ?? '';
/** All cookies that an answer sets, as a browser sends them back. */
const jarOf = (answer: Answer): string =>
  (answer.get('Set-Cookie') ?? []).map((line) => line.split(';')[0]).join('; ');

describe('one session for two apps', () => {
  let redis: RedisServer;
  let dashboard: INestApplication<Server>;
  let learn: INestApplication<Server>;
  const on = (app: INestApplication<Server>) => supertest(app.getHttpServer());

  async function signIn(
    user = 'ada',
    agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
  ) {
    const answer = await on(dashboard).post('/login').set('User-Agent', agent).send({ user });
    return { cookie: cookieOf(answer), token: (answer.body as { csrfToken: string }).csrfToken, answer };
  }

  async function until(wanted: 'up' | 'down'): Promise<void> {
    for (const app of [dashboard, learn]) {
      const group = app.get<GuardedRedis>(getRedisToken('session'));
      await group.reaches(({ reads, writes }) => reads === wanted && writes === wanted);
    }
  }

  beforeAll(async () => {
    redis = await RedisServer.start({ appendOnly: true });
    dashboard = await startApp(redis.url, 'dashboard');
    learn = await startApp(redis.url, 'learn');
  });

  afterAll(async () => {
    await dashboard?.close();
    await learn?.close();
    await redis?.stop();
  });

  describe('while Redis is well', () => {
    afterEach(() => redis.command('FLUSHALL'));

    it('signs in on one app and is known on the other', async () => {
      const { cookie } = await signIn();
      const answer = await on(learn).get('/me').set('Cookie', cookie);
      expect(answer.body).toMatchObject({ user: 'ada', mode: 'live' });
    });

    it('sets the cookie for the shared domain, out of reach of scripts', async () => {
      const { answer } = await signIn();
      expect(setCookieOf(answer)).toMatch(
        /^_shared_org_session=.+; Domain=trivet\.localhost; Path=\/; Expires=.+; HttpOnly; SameSite=Lax$/,
      );
    });

    it('gives a guest no cookie', async () => {
      expect((await on(learn).get('/me')).get('Set-Cookie')).toBeUndefined();
    });

    it('rotates the session id at sign-in', async () => {
      const first = await signIn();
      const second = await on(dashboard)
        .post('/login')
        .set('Cookie', first.cookie)
        .set('X-CSRF-Token', first.token)
        .send({ user: 'ada' });
      expect(cookieOf(second)).not.toBe(first.cookie);
      expect((await on(learn).get('/me').set('Cookie', first.cookie)).body).toEqual({ user: 'guest' });
    });

    it('signs out of both apps at once', async () => {
      const { cookie, token } = await signIn();
      const answer = await on(learn).post('/logout').set('Cookie', cookie).set('X-CSRF-Token', token);
      expect(setCookieOf(answer)).toMatch(/^_shared_org_session=;.*1970/);
      expect((await on(dashboard).get('/me').set('Cookie', cookie)).body).toEqual({ user: 'guest' });
    });

    it('lists the devices of a user and ends the others', async () => {
      const here = await signIn();
      const there = await signIn('ada', 'curl/8.5.0');
      const devices = (await on(dashboard).get('/devices').set('Cookie', here.cookie)).body as object[];
      expect(devices).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ label: 'Firefox on Linux', app: 'dashboard', current: true }),
          expect.objectContaining({ label: 'curl', current: false }),
        ]),
      );
      await on(dashboard)
        .delete('/devices')
        .set('Cookie', here.cookie)
        .set('X-CSRF-Token', here.token)
        .expect({ ended: 1 });
      expect((await on(learn).get('/me').set('Cookie', there.cookie)).body).toEqual({ user: 'guest' });
      expect((await on(learn).get('/me').set('Cookie', here.cookie)).body).toMatchObject({ user: 'ada' });
    });

    it('keeps neither a session id nor a user id in a Redis key', async () => {
      const { cookie } = await signIn('user-17');
      const keys = (await redis.command('KEYS', '*')) as string[];
      const sid = decodeURIComponent(cookie.split('=')[1]!).slice(2).split('.')[0]!;
      expect(keys.filter((key) => key.includes(sid) || key.includes('user-17'))).toEqual([]);
      const prefixes = keys.filter((key) => key.startsWith('sess:')).map((key) => key.split(':')[1]);
      expect([...new Set(prefixes)]).toEqual(expect.arrayContaining(['record', 'user']));
    });

    it.each([
      ['of another type', (key: string) => redis.command('SET', key, '{')],
      ['that nobody sealed', (key: string) => redis.command('HSET', key, '.identity', '1:{}')],
    ])('takes a record %s as no session', async (_what, spoil) => {
      const { cookie } = await signIn();
      for (const key of (await redis.command('KEYS', 'sess:record:*')) as string[]) await spoil(key);
      await on(learn).get('/me').set('Cookie', cookie).expect(200, { user: 'guest' });
    });

    it.each([
      ['of another type', (key: string) => redis.command('SET', key, '{')],
      ['that nobody sealed', (key: string) => redis.command('HSET', key, '.identity', '1:{}')],
    ])('leaves a record %s out of the list of devices', async (_what, spoil) => {
      await signIn('ada', 'curl/8.5.0');
      for (const key of (await redis.command('KEYS', 'sess:record:*')) as string[]) await spoil(key);
      const here = await signIn();
      const devices = await on(dashboard).get('/devices').set('Cookie', here.cookie);
      expect(devices.body).toEqual([expect.objectContaining({ label: 'Firefox on Linux' })]);
    });

    it('takes its cookie settings from the config, not from the record', async () => {
      const { cookie } = await signIn();
      const [key = ''] = (await redis.command('KEYS', 'sess:record:*')) as string[];
      const fields = (await redis.command('HKEYS', key)) as string[];
      expect(fields.filter((field) => field.startsWith('.'))).toEqual(['.identity']);
      const answer = await on(learn).get('/me').set('Cookie', cookie);
      expect(setCookieOf(answer)).toContain('Domain=trivet.localhost');
    });
  });

  describe('the CSRF guard', () => {
    it.each([
      ['a sibling subdomain', { 'Sec-Fetch-Site': 'same-site' }],
      ['another site', { Origin: 'http://evil.test' }],
      ['nobody in particular', {}],
    ])('refuses a signed-in change from %s', async (_from, headers) => {
      const { cookie } = await signIn();
      await on(learn).post('/logout').set('Cookie', cookie).set(headers).expect(403);
      expect((await on(learn).get('/me').set('Cookie', cookie)).body).toMatchObject({ user: 'ada' });
    });

    it.each([
      ['the browser says it is the same origin', { 'Sec-Fetch-Site': 'same-origin' }],
      ['the Origin is the app’s own', { Origin: 'http://learn.trivet.localhost' }],
    ])('lets a change through when %s', async (_when, headers) => {
      const { cookie } = await signIn();
      await on(learn).post('/logout').set('Cookie', cookie).set(headers).expect(201);
    });

    it('takes nothing from a header-less guest that a form could send', async () => {
      await on(dashboard).post('/login').type('form').send({ user: 'ada' }).expect(415);
    });
  });

  describe.each([
    ['killed', () => redis.kill(), () => redis.start()],
    ['hung', async () => redis.hang(), async () => redis.resume()],
  ])('with Redis %s', (_how, breakRedis, mend) => {
    it('serves who brings no seal as a guest, keeps the cookie, refuses step-ups for now, knows the user again after, and ends who signed out', async () => {
      const { cookie, token } = await signIn();
      const leaving = await signIn();
      await breakRedis();

      const first = await on(learn).get('/me').set('Cookie', cookie).expect(200);
      expect(first.body).toEqual({ user: 'guest' });
      await until('down');
      const later = await on(learn).get('/me').set('Cookie', cookie).expect(200);
      for (const answer of [first, later]) {
        expect(answer.get('Set-Cookie')).toBeUndefined();
        expect(answer.get('X-Degraded')).toBe('session');
      }

      await on(dashboard)
        .post('/password')
        .set('Cookie', cookie)
        .set('X-CSRF-Token', token)
        .expect(503)
        .expect((answer) => expect((answer.body as { code: string }).code).toBe('SESSION_UNAVAILABLE'));
      const logout = await on(dashboard)
        .post('/logout')
        .set('Cookie', leaving.cookie)
        .set('X-CSRF-Token', leaving.token)
        .expect(201);
      expect(setCookieOf(logout)).toContain('1970');

      await mend();
      await until('up');
      expect((await on(learn).get('/me').set('Cookie', cookie)).body).toMatchObject({ user: 'ada' });
      const left = await on(dashboard).get('/me').set('Cookie', leaving.cookie);
      expect(left.body).toEqual({ user: 'guest' });
    });
  });

  it.each([
    ['full', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
    ['a read-only replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
  ])('seals what a sign-in leaves when %s Redis does not take it', async (_state, fault, cure) => {
    const { cookie } = await signIn();
    await redis.command(...fault);
    const login = await on(dashboard).post('/login').send({ user: 'grace' }).expect(201);
    const jar = jarOf(login);
    const [page, grace] = [
      await on(learn).get('/me').set('Cookie', cookie),
      await on(learn).get('/me').set('Cookie', jar),
    ];
    await redis.command(...cure);
    await until('up');
    expect(page.body).toMatchObject({ user: 'ada' });
    expect(grace.body).toMatchObject({ user: 'grace', mode: 'snapshot' });
    expect((await on(learn).get('/me').set('Cookie', jar)).body).toMatchObject({
      user: 'grace',
      mode: 'live',
    });
    expect((await on(dashboard).get('/me').set('Cookie', cookieOf(login))).body).toMatchObject({
      mode: 'live',
    });
  });

  it('refuses to boot without the name of the app, naming the field', async () => {
    await expect(startApp(redis.url, '')).rejects.toThrow(/`app`/);
  });
});
