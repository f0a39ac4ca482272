import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { RedisStore } from 'connect-redis';
import express, { type Request, type RequestHandler } from 'express';
import session, { Store, type SessionData } from 'express-session';
import supertest from 'supertest';
import { promisify } from 'node:util';
import { saveBeforeHeaders } from './save-before-headers.js';
import { join, secret, type Member } from './state.fixture.js';

let redis: RedisServer;
let member: Member;

beforeAll(async () => {
  redis = await RedisServer.start();
  member = await join(redis.url);
});

afterAll(async () => {
  await member?.close();
  await redis?.stop();
});

const cookie = { originalMaxAge: null };
const ttlOf = async (sid: string) =>
  Number(await redis.command('TTL', `sess:record:${member.state.keys.sid(sid)}`));

/**
 * The life cycle in connect-redis 9's own `index_test.ts`, step by step. Where ours differs by design the step says so: times and
 * cookie settings are the config's, and what would walk through every key is refused.
 */
describe('connect-redis’s cases', () => {
  const store = () => member.store;

  it('is a RedisStore and a Store', () => {
    expect(store()).toBeInstanceOf(RedisStore);
    expect(store()).toBeInstanceOf(Store);
  });

  it('gets what was set', async () => {
    await store().set('123', { foo: 'bar', cookie } as unknown as SessionData);
    expect(await store().get('123')).toMatchObject({ foo: 'bar' });
  });

  it('sets a time to live: the config’s idle timeout', async () => {
    expect(await ttlOf('123')).toBeGreaterThanOrEqual(4 * 3600);
    expect(await ttlOf('123')).toBeLessThanOrEqual(4 * 3600 + 60);
  });

  it('sets anew what is there', async () => {
    await store().set('123', { baz: 1, cookie } as unknown as SessionData);
    const found = await store().get('123');
    expect(found).toMatchObject({ baz: 1 });
    expect(found).not.toHaveProperty('foo');
  });

  it('touches without a round trip: the read has renewed the time to live', async () => {
    const key = `sess:record:${member.state.keys.sid('123')}`;
    await redis.command('EXPIRE', key, '60');
    member.clock.aheadMs = 61_000;
    await store().get('123');
    member.clock.aheadMs = 0;
    await store().touch('123', { cookie });
    expect(await ttlOf('123')).toBeGreaterThan(60);
  });

  it('gets nothing for an id that is not there', async () => {
    expect(await store().get('nobody')).toBeNull();
  });

  it('destroys', async () => {
    await store().set('456', { cookie });
    await (store().destroy('456') as unknown as Promise<void>);
    expect(await store().get('456')).toBeNull();
  });

  it('destroys by setting what has expired', async () => {
    await store().set('789', { cookie });
    const expires = new Date(Date.now() - 1000);
    await store().set('789', { cookie: { ...cookie, expires } });
    expect(await store().get('789')).toBeNull();
  });

  it.each(['ids', 'all', 'length', 'clear'] as const)('refuses %s, which would scan', async (operation) => {
    const refusal = { code: 'SESSION_STORE_OPERATION_REFUSED' };
    await expect(store()[operation]()).rejects.toMatchObject(refusal);
    const called = new Promise(
      (resolve) =>
        void store()
          [operation](resolve)
          .catch(() => undefined),
    );
    expect(await called).toMatchObject(refusal);
  });

  it('serves callbacks as well as promises', async () => {
    const set = promisify(
      (sid: string, data: SessionData, done: (error?: unknown) => void) => void store().set(sid, data, done),
    );
    const get = promisify(
      (sid: string, done: (error: unknown, found?: SessionData | null) => void) =>
        void store().get(sid, done),
    );
    await set('cb', { foo: 'bar', cookie } as unknown as SessionData);
    expect(await get('cb')).toMatchObject({ foo: 'bar' });
  });
});

/** The store's part in express-session 1.19's `test/session.js`: what its middleware asks of any store. */
describe('express-session’s cases', () => {
  let middleware: RequestHandler;

  beforeAll(() => {
    const options = { secret, resave: false, saveUninitialized: false, rolling: true };
    middleware = session({ store: member.store, ...options });
  });

  function serve(handler: (request: Request) => unknown) {
    const app = express();
    app.use(middleware);
    app.use((request, response, next) => {
      saveBeforeHeaders(request, response, next, member.store);
      next();
    });
    app.use(async (request, response) => void response.json((await handler(request)) ?? {}));
    return supertest(app);
  }

  const count = (request: Request) => {
    const counted = request.session as unknown as { views?: number };
    counted.views = (counted.views ?? 0) + 1;
    return { views: counted.views, id: request.sessionID };
  };
  const callback = (run: (done: (error?: unknown) => void) => void) => promisify(run)();

  async function visitor(): Promise<string> {
    const answer = await serve(count).get('/');
    return answer.get('Set-Cookie')?.[0]?.split(';')[0] ?? '';
  }

  it('makes a session for a visitor that has none, and knows it again', async () => {
    const own = await visitor();
    expect((await serve(count).get('/').set('Cookie', own)).body).toMatchObject({ views: 2 });
  });

  it('answers with an error, and leaves the session as it was, when it was given what no store can keep', async () => {
    const own = await visitor();
    const unkeepable = (request: Request) => void Object.assign(request.session, { views: 9n });
    expect((await serve(unkeepable).get('/').set('Cookie', own)).status).toBe(500);
    expect((await serve(count).get('/').set('Cookie', own)).body).toMatchObject({ views: 2 });
  });

  it('neither stores nor names a session that nothing was written to', async () => {
    const answer = await serve(() => undefined).get('/');
    expect(answer.get('Set-Cookie')).toBeUndefined();
  });

  it('makes a new session for an id that nobody issued', async () => {
    const own = await visitor();
    const forged = own.replace(/s%3A[^.]+/, 's%3Aforged');
    expect((await serve(count).get('/').set('Cookie', forged)).body).toMatchObject({ views: 1 });
  });

  it('regenerates: another id, nothing of the old session', async () => {
    const own = await visitor();
    const regenerate = (request: Request) =>
      callback((done) => request.session.regenerate(done)).then(() => count(request));
    const answer = await serve(regenerate).get('/').set('Cookie', own);
    expect(answer.body).toMatchObject({ views: 1 });
    expect((await serve(count).get('/').set('Cookie', own)).body).toMatchObject({ views: 1 });
    const fresh = answer.get('Set-Cookie')?.[0]?.split(';')[0] ?? '';
    expect((await serve(count).get('/').set('Cookie', fresh)).body).toMatchObject({ views: 2 });
  });

  it('destroys', async () => {
    const own = await visitor();
    await serve((request) => callback((done) => request.session.destroy(done)))
      .get('/')
      .set('Cookie', own);
    expect((await serve(count).get('/').set('Cookie', own)).body).toMatchObject({ views: 1 });
  });

  it('saves when asked to, and not again at the end', async () => {
    const own = await visitor();
    const handler = async (request: Request) => {
      count(request);
      await callback((done) => request.session.save(done));
      await redis.command('CONFIG', 'RESETSTAT');
    };
    await serve(handler).get('/').set('Cookie', own);
    expect(String(await redis.command('INFO', 'commandstats'))).not.toContain('cmdstat_evalsha');
    expect((await serve(count).get('/').set('Cookie', own)).body).toMatchObject({ views: 3 });
  });

  it('reloads what another request wrote', async () => {
    const own = await visitor();
    const handler = async (request: Request) => {
      await serve(count).get('/').set('Cookie', own);
      await callback((done) => request.session.reload(done));
      return count(request);
    };
    expect((await serve(handler).get('/').set('Cookie', own)).body).toMatchObject({ views: 3 });
  });

  it('fails to reload a session that was destroyed', async () => {
    const own = await visitor();
    const handler = async (request: Request) => {
      await (member.store.destroy(request.sessionID) as unknown as Promise<void>);
      return callback((done) => request.session.reload(done)).catch((error: Error) => ({
        said: error.message,
      }));
    };
    expect((await serve(handler).get('/').set('Cookie', own)).body).toEqual({
      said: 'failed to load session',
    });
  });

  it('loads a session by its id', async () => {
    const own = await visitor();
    const { id } = (await serve(count).get('/').set('Cookie', own)).body as { id: string };
    const found = await promisify<SessionData | undefined>((done) =>
      member.store.load(id, (error: unknown, loaded) => done(error, loaded)),
    )();
    expect(found).toMatchObject({ views: 2 });
  });

  it('names no session in a cookie that was ended while the answer was made', async () => {
    const own = await visitor();
    const handler = async (request: Request) => {
      count(request);
      await (member.store.destroy(request.sessionID) as unknown as Promise<void>);
    };
    const answer = await serve(handler).get('/').set('Cookie', own);
    expect(answer.status).toBe(200);
    expect(answer.get('Set-Cookie')).toBeUndefined();
  });
});
