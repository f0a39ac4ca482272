import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import type { Server } from 'node:http';
import type { Response } from 'supertest';
import { Jar, handoff, on, secret, sessionCookieOf, startApp, type AppName } from './two-apps.fixture.js';

const page = { Accept: 'text/html,*/*;q=0.8', 'X-Forwarded-Proto': 'https' };
const newSecret = 'another secret of at least thirty-two characters';

describe.each(['http', 'https'] as const)('the binder over %s', (scheme) => {
  let redis: RedisServer;
  let apps: Record<AppName, INestApplication<Server>>;
  let jar: Jar;

  const urls = handoff(scheme).apps;
  const binder = scheme === 'https' ? '__Host-_shared_org_binder' : '_shared_org_binder';

  beforeAll(async () => {
    redis = await RedisServer.start();
    const options = { scheme, handoff: handoff(scheme) };
    apps = {
      dashboard: await startApp(redis.url, 'dashboard', options),
      learn: await startApp(redis.url, 'learn', options),
    };
  });

  afterAll(async () => {
    await Promise.all(Object.values(apps ?? {}).map((app) => app.close()));
    await redis?.stop();
  });

  beforeEach(() => {
    jar = new Jar();
  });

  async function get(app: AppName, path: string, with_ = jar): Promise<Response> {
    const answer = await on(apps[app]).get(path).set(page).set('Cookie', with_.for(app));
    with_.keep(app, answer);
    return answer;
  }

  /** Follows redirects as a browser does, and says where it passed. */
  async function visit(
    app: AppName,
    path: string,
    with_ = jar,
  ): Promise<{ answer: Response; trail: string[] }> {
    const trail: string[] = [];
    let answer = await get(app, path, with_);
    while (answer.status === 303 && trail.length < 10) {
      const target = new URL(answer.get('Location') ?? '');
      const next = (['dashboard', 'learn'] as const).find((name) => urls[name] === target.origin);
      trail.push(`${next ?? target.origin}${target.pathname}`);
      if (!next || target.pathname === '/login') break;
      answer = await get(next, target.pathname + target.search, with_);
    }
    return { answer, trail };
  }

  async function signIn(user: string, with_ = jar): Promise<{ token: string }> {
    const answer = await on(apps.dashboard)
      .post('/login')
      .set({ ...page, 'Sec-Fetch-Site': 'same-origin', Cookie: with_.for('dashboard') })
      .send({ user });
    with_.keep('dashboard', answer);
    return { token: (answer.body as { csrfToken: string }).csrfToken };
  }

  it('comes with the sign-in, for this host alone and out of reach of scripts', async () => {
    const answer = await on(apps.dashboard).post('/login').set(page).send({ user: 'ada' });
    const line = answer.get('Set-Cookie')?.find((cookie) => cookie.startsWith(`${binder}=`));
    const secure = scheme === 'https' ? ' Secure;' : '';
    expect(line).toMatch(
      new RegExp(`^\\S+; Max-Age=43200; Path=/; Expires=[^;]+; HttpOnly;${secure} SameSite=Lax$`),
    );
  });

  it('is got from the sign-in app by a page of another, which then shows itself', async () => {
    await signIn('ada');
    const first = await visit('learn', '/lessons/one?a=1');
    expect(first.trail).toEqual(['dashboard/handoff', 'learn/handoff', 'learn/lessons/one']);
    expect(first.answer.body).toEqual({ user: 'ada' });
    const second = await visit('learn', '/lessons/two');
    expect([second.trail, second.answer.body]).toEqual([[], { user: 'ada' }]);
  });

  it('leads a guest nowhere', async () => {
    expect((await visit('learn', '/lessons/one')).answer.body).toEqual({ user: 'guest' });
  });

  it('is not got for a session that a sibling planted', async () => {
    const mallory = new Jar();
    await signIn('mallory', mallory);
    const planted = new Jar();
    planted.keep('dashboard', await on(apps.dashboard).post('/login').set(page).send({ user: 'mallory' }));
    planted.loseOwn('dashboard');
    const { answer, trail } = await visit('learn', '/lessons/one', planted);
    expect(trail).toEqual(['dashboard/handoff', 'dashboard/login']);
    expect(answer.get('Location')).toBe(
      `${urls.dashboard}/login?return_to=${encodeURIComponent(`${urls.learn}/lessons/one`)}`,
    );
    expect((await visit('dashboard', '/me', planted)).answer.body).toEqual({ user: 'guest' });
  });

  it('is not got with the binder of the victim’s own session', async () => {
    await signIn('ada');
    await visit('learn', '/me');
    const mallory = await on(apps.dashboard).post('/login').set(page).send({ user: 'mallory' });
    const own = jar.for('learn').split('; ');
    const cookie = [sessionCookieOf(mallory), ...own.filter((pair) => pair.includes('binder'))].join('; ');
    const asked = await on(apps.learn).get('/me').set(page).set('Cookie', cookie);
    expect(asked.status).toBe(303);
    const dashboards = jar
      .for('dashboard')
      .split('; ')
      .filter((pair) => pair.includes('binder'));
    const vouched = await on(apps.dashboard)
      .get(new URL(asked.get('Location') ?? '').pathname + new URL(asked.get('Location') ?? '').search)
      .set(page)
      .set('Cookie', [sessionCookieOf(mallory), ...dashboards].join('; '));
    expect(vouched.get('Location')).toMatch(/\/login\?/);
  });

  it('of one app is no binder of another', async () => {
    await signIn('ada');
    const moved = jar.for('dashboard');
    expect((await on(apps.learn).get('/me').set(page).set('Cookie', moved)).status).toBe(303);
  });

  it('is asked for again by a sign-in', async () => {
    await signIn('ada');
    const before = jar
      .for('dashboard')
      .split('; ')
      .find((pair) => pair.includes('binder'));
    await signIn('ada');
    const session = jar
      .for('dashboard')
      .split('; ')
      .find((pair) => pair.includes('_session='));
    const mixed = await on(apps.dashboard).get('/me').set(page).set('Cookie', `${session}; ${before}`);
    expect(mixed.body).toEqual({ user: 'guest' });
    expect((await visit('dashboard', '/me')).answer.body).toEqual({ user: 'ada' });
  });

  it('is needed by no program to read, and by the token’s owner not to write', async () => {
    const { token } = await signIn('ada');
    const cookie = jar.for('learn');
    const learn = on(apps.learn);
    await learn
      .get('/me')
      .set('Cookie', cookie)
      .set('X-Forwarded-Proto', 'https')
      .expect(200, { user: 'ada' });
    const write = (headers: Record<string, string>) =>
      learn
        .post('/note')
        .set({ Cookie: cookie, 'X-Forwarded-Proto': 'https', ...headers })
        .send({});
    await write({ 'Sec-Fetch-Site': 'same-origin' }).expect(403);
    await write({ 'Sec-Fetch-Site': 'same-origin', 'X-CSRF-Token': token }).expect(201, { user: 'ada' });
    await write({ 'X-CSRF-Token': token }).expect(201, { user: 'ada' });
    await write({ 'Sec-Fetch-Site': 'same-site', 'X-CSRF-Token': token }).expect(403);
  });

  it('lost, makes a guest of the sign-in app’s visitor, who can sign in again by the form', async () => {
    await signIn('ada');
    jar.loseOwn('dashboard');
    const shown = await get('dashboard', '/me');
    expect([shown.body, shown.get('Set-Cookie')]).toEqual([{ user: 'guest' }, undefined]);
    const answer = await on(apps.dashboard)
      .post('/login')
      .set({ ...page, 'Sec-Fetch-Site': 'same-origin', Cookie: jar.for('dashboard') })
      .type('form')
      .send({ user: 'ada' });
    jar.keep('dashboard', answer);
    expect((await visit('dashboard', '/me')).answer.body).toEqual({ user: 'ada' });
  });

  it('is taken away by a sign-out', async () => {
    const { token } = await signIn('ada');
    await visit('learn', '/me');
    const answer = await on(apps.learn)
      .post('/logout')
      .set({ ...page, Cookie: jar.for('learn'), 'X-CSRF-Token': token });
    jar.keep('learn', answer);
    expect(jar.for('learn')).toBe('');
  });

  describe('hand-off', () => {
    /** Stops with the ticket in hand. */
    async function ticketFor(with_: Jar, path = '/lessons/one'): Promise<string> {
      const asked = await get('learn', path, with_);
      const ask = new URL(asked.get('Location') ?? '');
      const vouched = await get('dashboard', ask.pathname + ask.search, with_);
      const ticket = new URL(vouched.get('Location') ?? '');
      return ticket.pathname + ticket.search;
    }

    it('gives a ticket that works in no other browser', async () => {
      const mallory = new Jar();
      await signIn('mallory', mallory);
      const ticket = await ticketFor(mallory);
      // Even with her session planted, and a nonce of the victim's own.
      const victim = mallory.copy();
      victim.loseOwn('learn');
      victim.loseOwn('dashboard');
      await get('learn', '/lessons/one', victim);
      const { trail } = await visit('learn', ticket, victim);
      expect(trail).toEqual(['dashboard/handoff', 'dashboard/login']);
      expect(victim.for('learn')).not.toContain('binder');
    });

    it('gives a ticket that counts once, and is harmless afterwards', async () => {
      await signIn('ada');
      const ticket = await ticketFor(jar);
      expect((await visit('learn', ticket)).trail).toEqual(['learn/lessons/one']);
      expect((await visit('learn', ticket)).trail).toEqual(['learn/lessons/one']);
      jar.loseOwn('learn');
      expect((await visit('learn', ticket)).trail).toEqual([
        'dashboard/handoff',
        'learn/handoff',
        'learn/lessons/one',
      ]);
    });

    it('works in two tabs at the same time', async () => {
      await signIn('ada');
      const cookie = jar.for('learn');
      const [one, two] = await Promise.all(
        ['/lessons/one', '/lessons/two'].map((path) =>
          on(apps.learn).get(path).set(page).set('Cookie', cookie),
        ),
      );
      for (const asked of [one, two]) jar.keep('learn', asked!);
      for (const [asked, shown] of [
        [one, 'one'],
        [two, 'two'],
      ] as const) {
        const { pathname, search } = new URL(asked?.get('Location') ?? '');
        const { answer, trail } = await visit('dashboard', pathname + search);
        expect([answer.body, trail.at(-1)]).toEqual([{ user: 'ada' }, `learn/lessons/${shown}`]);
      }
    });

    it('ends, where cookies do not stay, with a refusal instead of a loop', async () => {
      await signIn('ada');
      const forgetful = jar.copy();
      let path = '/lessons/one';
      let app: AppName = 'learn';
      const statuses: number[] = [];
      for (let step = 0; step < 10 && statuses.at(-1) !== 403; step += 1) {
        const answer: Response = await on(apps[app]).get(path).set(page).set('Cookie', forgetful.for(app));
        statuses.push(answer.status);
        const target = new URL(answer.get('Location') ?? 'http://nowhere.invalid');
        app = target.origin === urls.dashboard ? 'dashboard' : 'learn';
        path = target.pathname + target.search;
      }
      expect(statuses).toEqual([303, 303, 303, 303, 403]);
    });

    it.each(['', '?ask=forged', '?ticket=forged', '?ask[]=a', '?to=https://evil.test/', '?ask=a&ask=b'])(
      'takes nothing that it did not seal: %s',
      async (query) => {
        await signIn('ada');
        for (const app of ['dashboard', 'learn'] as const) {
          const answer = await get(app, `/handoff${query}`);
          expect([answer.status, answer.get('Location')]).toEqual([400, undefined]);
        }
      },
    );

    it.each(['//evil.test/x', '/\\evil.test', '/..//evil.test', `/${'long/'.repeat(400)}`])(
      'never leads to another site: %s',
      async (path) => {
        await signIn('ada');
        const { answer, trail } = await visit('learn', path);
        expect(trail.slice(0, 2)).toEqual(['dashboard/handoff', 'learn/handoff']);
        expect(trail).toHaveLength(3);
        expect(answer.status).toBe(404);
      },
    );
  });

  it('is checked and handed over while Redis is away', async () => {
    await signIn('ada');
    // As in an outage that begins after a page: only then is there a snapshot.
    await visit('dashboard', '/me');
    await redis.kill();
    try {
      const { answer, trail } = await visit('learn', '/lessons/one');
      expect(trail).toEqual(['dashboard/handoff', 'learn/handoff', 'learn/lessons/one']);
      expect(answer.body).toEqual({ user: 'ada' });
      jar.loseOwn('dashboard');
      expect((await visit('dashboard', '/me')).answer.body).toEqual({ user: 'guest' });
    } finally {
      await redis.start();
    }
  });

  it('outlives the key that sealed it', async () => {
    await signIn('ada');
    const options = { scheme, handoff: handoff(scheme), sealKeys: [newSecret, secret] };
    const rotated = await startApp(redis.url, 'dashboard', options);
    const answer = await on(rotated).get('/me').set(page).set('Cookie', jar.for('dashboard'));
    await rotated.close();
    expect(answer.body).toEqual({ user: 'ada' });
    expect(answer.get('Set-Cookie')?.some((line) => line.startsWith(`${binder}=`))).toBe(true);
  });
});
