import { describe, expect, it } from '@jest/globals';
import { guest, learner, nextName, platform } from './stage.js';
import { bodyOf, Visitor, type WebApp } from './visitor.js';

const webApps: readonly WebApp[] = ['dashboard', 'learn'];

describe('one sign-in for both apps', () => {
  it('opens the other app signed in', async () => {
    const ada = await Visitor.signedIn(platform, 'ada');
    for (const app of webApps) {
      const body = await bodyOf(ada.get(app, '/api/me').expect(200).expect('Cache-Control', 'no-store'));
      expect(body).toMatchObject({
        user: { email: 'ada@trivet.localhost', roles: ['learner'] },
        session: { mode: 'live' },
        csrfToken: ada.csrfToken,
      });
    }
  });

  it('sets one cookie for the domain of both, and one that ties it to this app, out of reach of scripts', async () => {
    const { headers } = await guest.signIn('grace').expect(200);
    const cookies = headers['set-cookie'] as unknown as string[];
    const of = (name: string) => cookies.filter((line) => line.startsWith(`${name}=`));
    const shared = /^\S+; Domain=trivet\.localhost; Path=\/; .*HttpOnly; SameSite=Lax$/;
    expect(of('_shared_org_session')).toEqual([expect.stringMatching(shared)]);
    const own = /^\S+; Max-Age=\d+; Path=\/; .*HttpOnly; SameSite=Lax$/;
    expect(of('_shared_org_binder')).toEqual([expect.stringMatching(own)]);
  });

  it('keeps a session that a program signed in with out of the other app’s pages, until they have asked here', async () => {
    await guest.signIn(nextName()).expect(200);
    const { headers } = await guest.page('learn', '/').expect(303);
    expect(headers['location']).toMatch(new RegExp(`^${platform.urls.dashboard}/handoff\\?ask=`));
    await guest.enter('learn');
    await guest.page('learn', '/').expect(200, /Sign out/);
  });

  it('lets a program read everywhere, and change what it has the token for', async () => {
    await guest.signIn(nextName()).expect(200);
    await guest.get('learn', '/api/me').expect(200);
    const own = { 'Sec-Fetch-Site': 'same-origin' };
    await guest.post('learn', '/api/notes', { text: 'mine' }).set(own).expect(403);
    await guest.readToken();
    await guest.post('learn', '/api/notes', { text: 'mine' }).set(own).expect(202);
  });

  it('takes a new session id at each sign-in', async () => {
    const name = nextName();
    const visitor = await Visitor.signedIn(platform, name);
    const first = visitor.cookie;
    await visitor.signIn(name).expect(200);
    expect(visitor.cookie).not.toBe(first);
    const withOldCookie = new Visitor(platform);
    withOldCookie.cookie = first;
    await withOldCookie.get('learn', '/api/me').expect(401);
  });

  it.each(webApps)('ends in both apps at once when %s is left', async (app) => {
    const visitor = await learner();
    const { cookie } = visitor;
    await visitor.post(app, '/api/logout').expect(204).expect('Clear-Site-Data', '"cache", "storage"');
    expect(visitor.cookie).toBeUndefined();
    visitor.cookie = cookie;
    for (const other of webApps) await visitor.get(other, '/api/me').expect(401);
  });

  it('leads back to the page that asked for it', async () => {
    const target = `${platform.urls.learn}/lessons/memory-and-eviction`;
    const login = `/login?return_to=${encodeURIComponent(target)}`;
    const { text } = await guest.page('dashboard', login).expect(200);
    expect(text).toContain(`name="return_to" value="${target}"`);
    const form = { email: `${nextName()}@trivet.localhost`, password: 'correct horse', return_to: target };
    await guest.submit('dashboard', '/login', form).expect(303).expect('Location', target);
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'never leads to %s',
    async (target) => {
      const home = `${platform.urls.dashboard}/`;
      const { text } = await guest.page('dashboard', `/login?return_to=${encodeURIComponent(target)}`);
      expect(text).toContain(`name="return_to" value="${home}"`);
      const form = { email: 'grace@trivet.localhost', password: 'correct horse', return_to: target };
      const { headers } = await guest.submit('dashboard', '/login', form).expect(303);
      expect(headers['location']).toBe(home);
    },
  );

  it('sends guests from a personal page to the sign-in and back', async () => {
    const { headers } = await guest.page('dashboard', '/account').expect(303);
    expect(headers['location']).toBe(
      `${platform.urls.dashboard}/login?return_to=${encodeURIComponent(`${platform.urls.dashboard}/account`)}`,
    );
  });
});

describe('a wrong password', () => {
  it('is 401 without a cookie, and the same for an account that does not exist', async () => {
    const wrong = await guest.signIn('grace', 'not the horse').expect(401);
    const nobody = await guest.signIn('nobody', 'not the horse').expect(401);
    expect(wrong.body).toEqual(nobody.body);
    expect(wrong.body).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(guest.cookie).toBeUndefined();
  });

  it('is 429 with Retry-After after ten failures, for that account only', async () => {
    const name = nextName();
    for (let failure = 0; failure < 10; failure += 1) await guest.signIn(name, 'wrong').expect(401);
    const { headers } = await guest.signIn(name).expect(429, /TOO_MANY_SIGN_INS/);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await guest.signIn(nextName()).expect(200);
  });

  it('shows the form again with what went wrong', async () => {
    const { text } = await guest
      .submit('dashboard', '/login', { email: 'grace@trivet.localhost', password: 'wrong' })
      .expect(401);
    expect(text).toContain('value="grace@trivet.localhost"');
    expect(text).not.toContain('wrong"');
  });
});
