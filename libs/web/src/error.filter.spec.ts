import { Body, Controller, Get, Module, Param, Post, UnauthorizedException } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { academyMigrations, AcademyModule, LessonNotFoundError, TooManySignInsError } from '@trivet/academy';
import { CacheModule } from '@trivet/cache';
import { DatabaseModule, runMigrations } from '@trivet/database';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { RedisServer } from '@trivet/fault-kit';
import { SessionModule } from '@trivet/session';
import supertest from 'supertest';
import { z } from 'zod';
import { createWebApp } from './create-web-app.js';
import { WebModule } from './web.module.js';

const links = { dashboard: 'http://dashboard.trivet.localhost', learn: 'http://learn.trivet.localhost' };
const secret = 's'.repeat(32);
const note = z.strictObject({ text: z.string('is missing') });

@Controller()
class FailingController {
  @Get(['page/:how', 'api/:how'])
  fail(@Param('how') how: string) {
    if (how === 'guest') throw new UnauthorizedException('Sign in first.');
    if (how === 'lesson') throw new LessonNotFoundError();
    if (how === 'busy') throw new TooManySignInsError(42);
    if (how === 'bug') throw new Error('hunter2');
    return { how };
  }

  @Post(['page', 'api/notes'])
  take(@Body({ schema: note }) { text }: z.output<typeof note>) {
    return { length: text.length };
  }
}

@Module({ controllers: [FailingController] })
class FailingModule {}

describe('the error filter', () => {
  let postgres: EmbeddedPostgres;
  let redis: RedisServer;
  let app: NestExpressApplication;
  const errors: unknown[][] = [];
  const requests = () => supertest(app.getHttpServer());
  const get = (path: string, accept = 'text/html') => requests().get(path).set('Accept', accept);

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([EmbeddedPostgres.start(), RedisServer.start()]);
    await runMigrations(postgres.url, [academyMigrations]);
    const module = {
      module: FailingModule,
      imports: [
        DatabaseModule.forRoot({ url: postgres.url }),
        SessionModule.forRoot({
          redis: { url: redis.url },
          app: 'learn',
          publicUrl: links.learn,
          cookieDomain: 'trivet.localhost',
          cookieSecrets: [secret],
          keySecret: secret,
          sealKeys: [secret],
        }),
        CacheModule.forRoot({ redis: { url: redis.url } }),
        AcademyModule.forRoot({ isGlobal: true }),
        WebModule.forRoot({ app: 'learn', links, production: false }),
      ],
    };
    const nothing = () => undefined;
    const logger = { log: nothing, warn: nothing, error: (...record: unknown[]) => errors.push(record) };
    app = await createWebApp(module, { logger, links, trustedProxies: [] });
    await app.init();
  });

  afterAll(async () => {
    await app?.close();
    await Promise.all([postgres?.stop(), redis?.stop()]);
  });

  it.each([
    ['/page/lesson', 404, 'There is no such lesson.'],
    ['/no/such/page', 404, 'There is nothing at this address.'],
    ['/page/bug', 500, 'Something went wrong on our side.'],
  ])('answers a person at %s with a page', async (path, status, message) => {
    const answer = await get(path)
      .expect(status)
      .expect('Content-Type', /^text\/html/);
    expect(answer.text).toContain(message);
    expect(answer.get('Cache-Control')).toBe('no-store');
  });

  it.each([
    ['a program', '/page/lesson', 'application/json'],
    ['whoever asks below /api', '/api/lesson', 'text/html'],
    ['whoever does not care', '/page/lesson', '*/*'],
  ])('answers %s with JSON', async (_who, path, accept) => {
    await get(path, accept)
      .expect(404)
      .expect({ statusCode: 404, code: 'LESSON_NOT_FOUND', message: 'There is no such lesson.' });
  });

  it('shows a guest the way to the sign-in and back, and tells a program 401', async () => {
    const back = encodeURIComponent(`${links.learn}/page/guest?page=2`);
    await get('/page/guest?page=2')
      .expect(303)
      .expect('Location', `${links.dashboard}/login?return_to=${back}`);
    await get('/api/guest').expect(401, { statusCode: 401, code: 'UNAUTHORIZED', message: 'Sign in first.' });
  });

  it('says when to come back', async () => {
    await get('/page/busy').expect(429).expect('Retry-After', '42');
    const answer = await get('/api/busy').expect(429).expect('Retry-After', '42');
    expect(answer.body).toMatchObject({ code: 'TOO_MANY_SIGN_INS', retryAfterSeconds: 42 });
  });

  it('logs a bug once with its stack, and tells nobody but the log', async () => {
    errors.length = 0;
    const answer = await get('/page/bug');
    expect(answer.text).not.toContain('hunter2');
    expect(errors).toHaveLength(1);
    const [, record] = errors[0] as [string, { event: string; requestId: string; stack: string }];
    expect(record).toMatchObject({
      event: 'request_failed',
      stack: expect.stringContaining('hunter2'),
    });
    expect(answer.text).toContain(record.requestId);
  });

  it('names the wrong fields of a body', async () => {
    const answer = await requests().post('/api/notes').send({ txt: 'a' }).expect(400);
    expect(answer.body).toMatchObject({
      code: 'INVALID_BODY',
      fields: [
        { field: 'text', message: 'is missing' },
        { field: 'txt', message: 'is not a field of this request' },
      ],
    });
  });

  it.each([
    ['cannot be read', 400, (request: supertest.Test) => request.type('json').send('{"text": hunter2}')],
    ['is too large', 413, (request: supertest.Test) => request.send({ text: 'x'.repeat(100_001) })],
    [
      'has an unknown encoding',
      415,
      (request: supertest.Test) => request.type('json').set('Content-Encoding', 'compress').send('{}'),
    ],
  ])('refuses a body that %s without repeating it', async (_why, status, send) => {
    const answer = await send(requests().post('/api/notes')).expect(status);
    expect(answer.body).toMatchObject({ statusCode: status, message: expect.stringMatching(/^The body/) });
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
  });

  it.each(['/api/%E0%A4%A', '/page/%00', '/%', '/api/..%2f..%2fetc'])(
    'never makes a 500 of a strange address: %s',
    async (path) => {
      expect((await get(path)).status).toBeLessThan(500);
    },
  );

  it('escapes the address in the page that says there is nothing', async () => {
    const { text } = await get('/"><script>alert(1)</script>').expect(404);
    expect(text).not.toContain('<script>alert(1)');
  });
});
