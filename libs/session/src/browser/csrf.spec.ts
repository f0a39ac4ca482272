import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import { Jar, on, sessionCookieOf, startApp } from './two-apps.fixture.js';

const own = 'http://learn.trivet.localhost';

describe('the CSRF guard', () => {
  let redis: RedisServer;
  let learn: INestApplication<Server>;
  let cookie: string;
  let token: string;

  beforeAll(async () => {
    redis = await RedisServer.start();
    learn = await startApp(redis.url, 'learn');
    const login = await on(learn).post('/login').send({ user: 'ada' });
    cookie = sessionCookieOf(login);
    token = (login.body as { csrfToken: string }).csrfToken;
  });

  afterAll(async () => {
    await learn?.close();
    await redis?.stop();
  });

  const note = (headers: Record<string, string>) =>
    on(learn).post('/note').set('Cookie', cookie).set(headers).send({});

  it.each<[string, Record<string, string>]>([
    ['says the same origin', { 'Sec-Fetch-Site': 'same-origin' }],
    ['says the person did it', { 'Sec-Fetch-Site': 'none' }],
    ['has the app’s own Origin', { Origin: own }],
  ])('lets a change through that %s', async (_what, headers) => {
    await note(headers).expect(201, { user: 'ada' });
  });

  it.each<[string, Record<string, string>]>([
    ['a sibling subdomain', { 'Sec-Fetch-Site': 'same-site' }],
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another site that claims our origin', { 'Sec-Fetch-Site': 'cross-site', Origin: own }],
    ['an unknown kind of site', { 'Sec-Fetch-Site': 'elsewhere' }],
    ['a sibling in an older browser', { Origin: 'http://evil.trivet.localhost' }],
    ['the same host over another scheme', { Origin: 'https://learn.trivet.localhost' }],
    ['a sandboxed frame', { Origin: 'null' }],
  ])('refuses a change of %s, with or without the token', async (_what, headers) => {
    await note(headers).expect(403);
    await note({ ...headers, 'X-CSRF-Token': token }).expect(403);
  });

  describe('without a word from the browser', () => {
    it('takes the token as a header or as a form field', async () => {
      await note({ 'X-CSRF-Token': token }).expect(201);
      await on(learn).post('/note').set('Cookie', cookie).type('form').send({ _csrf: token }).expect(201);
    });

    it.each([
      ['no token', {}],
      ['a wrong token', { 'X-CSRF-Token': 'wrong' }],
      ['an empty token', { 'X-CSRF-Token': '' }],
    ])('refuses %s', async (_what, headers) => {
      await note(headers).expect(403);
    });

    it('refuses the token of another session', async () => {
      const other = await on(learn).post('/login').send({ user: 'grace' });
      await note({ 'X-CSRF-Token': (other.body as { csrfToken: string }).csrfToken }).expect(403);
    });

    it.each([
      ['a form', 'application/x-www-form-urlencoded', 'a=1'],
      ['an empty form', 'application/x-www-form-urlencoded', ''],
      ['a form with a file', 'multipart/form-data; boundary=x', '--x--'],
      ['text', 'text/plain', '{}'],
      ['a type that only begins like JSON', 'application/jsonp', '{}'],
    ])('takes no %s from a guest', async (_what, type, body) => {
      await on(learn).post('/note').set('Content-Type', type).send(body).expect(415);
    });

    it('takes JSON, or nothing at all, from a guest', async () => {
      await on(learn).post('/note').send({}).expect(201, { user: 'guest' });
      await on(learn).post('/note').type('application/json; charset=utf-8').send('{}').expect(201);
      await on(learn).post('/note').expect(201);
    });
  });

  it('asks nothing of a request that changes nothing', async () => {
    await on(learn).get('/me').set('Cookie', cookie).set('Sec-Fetch-Site', 'cross-site').expect(200);
  });

  it('judges by the token also while Redis is away', async () => {
    const jar = new Jar();
    const login = await on(learn).post('/login').send({ user: 'ada' });
    jar.keep('learn', login);
    await redis.kill();
    try {
      const change = (headers: Record<string, string>) =>
        on(learn)
          .post('/note')
          .set({ Cookie: jar.for('learn'), ...headers })
          .send({});
      const own = (login.body as { csrfToken: string }).csrfToken;
      await change({ 'X-CSRF-Token': own }).expect(201, { user: 'ada' });
      await change({}).expect(403);
      await change({ 'X-CSRF-Token': token }).expect(403);
      await change({ 'Sec-Fetch-Site': 'same-site', 'X-CSRF-Token': own }).expect(403);
    } finally {
      await redis.start();
    }
  });

  it('publishes what it refuses, without a word about whom', async () => {
    const events: unknown[] = [];
    const listen = (event: unknown) => events.push(event);
    subscribe('trivet:session:refusal', listen);
    await note({ 'Sec-Fetch-Site': 'same-site' });
    await note({});
    await on(learn).post('/note').type('form').send('a=1');
    unsubscribe('trivet:session:refusal', listen);
    expect(events).toEqual(
      ['cross-site', 'no-token', 'not-json'].map((refusal) => ({ app: 'learn', refusal })),
    );
  });
});
