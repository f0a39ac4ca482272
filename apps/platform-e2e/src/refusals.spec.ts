import { describe, expect, it } from '@jest/globals';
import { guest, learner, platform } from './stage.js';
import { bodyOf, Visitor, type WebApp } from './visitor.js';

const webApps: readonly WebApp[] = ['dashboard', 'learn'];
const lesson = '/api/lessons/three-kinds-of-data';

describe('bad input', () => {
  it.each([
    ['a missing field', '/api/login', { email: 'a@b.example' }, 'password'],
    ['a wrong type', '/api/login', { email: 1, password: 'x' }, 'email'],
    ['an unknown field', '/api/login', { email: 'a@b.example', password: 'x', admin: true }, 'admin'],
    ['an array', '/api/login', [], 'body'],
    ['a NUL', '/api/login', { email: 'a\0@b.example', password: 'x' }, 'email'],
  ])('answers %s with 400 and the name of the field', async (_what, path, body, field) => {
    const answer = await guest.post('dashboard', path, body).expect(400);
    expect(answer.body).toMatchObject({
      code: 'INVALID_BODY',
      fields: [expect.objectContaining({ field })],
    });
  });

  it.each([
    ['an empty note', '/api/notes', { text: '' }, 'text'],
    ['a note with a NUL', '/api/notes', { text: 'a\0b' }, 'text'],
    ['a note that is too long', '/api/notes', { text: 'x'.repeat(2_001) }, 'text'],
    ['a course that is no slug', '/api/certificates', { course: 7 }, 'course'],
    ['a field too many', '/api/certificates', { course: 'x', user: 'grace' }, 'user'],
  ])('answers %s with 400 and the name of the field', async (_what, path, body, field) => {
    const answer = await (await learner()).post('learn', path, body).expect(400);
    expect(answer.body).toMatchObject({ fields: [expect.objectContaining({ field })] });
  });

  it.each([
    ['get', 'learn', '/api/notes?limit=0', 'limit'],
    ['get', 'learn', '/api/notes?limit=many', 'limit'],
    ['delete', 'dashboard', '/api/devices?except=none', 'except'],
  ] as const)('names the field of %s %s %s', async (method, app, path, field) => {
    const answer = await (await learner())[method](app, path).expect(400);
    expect(answer.body).toMatchObject({ fields: [expect.objectContaining({ field })] });
  });

  it('answers what is not JSON with 400', async () => {
    await guest.post('dashboard', '/api/login', '{"email":').type('json').expect(400);
  });

  it('answers a body over 100 kB with 413', async () => {
    const body = { email: 'a@b.example', password: 'x'.repeat(100_000) };
    const answer = await guest.post('dashboard', '/api/login', body).expect(413);
    expect(answer.body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('answers anything but JSON with 415', async () => {
    await guest.post('dashboard', '/api/login', 'email=a&password=b').type('form').expect(415);
    await guest.post('dashboard', '/api/login', '{}').type('text/plain').expect(415);
  });

  it.each([
    ['dashboard', '/nothing'],
    ['learn', '/lessons/nothing'],
    ['learn', '/lessons/a%00b'],
    ['learn', '/certificates/nothing/file'],
  ] as const)('answers %s %s with 404 in the language of the caller', async (app, path) => {
    const page = await guest.page(app, path).expect(404).expect('Content-Type', /html/);
    expect(page.text).toContain('<h1>');
    const json = await guest.get(app, path).expect(404).expect('Content-Type', /json/);
    expect(json.body).toMatchObject({ statusCode: 404 });
  });

  it('speaks JSON under /api to everybody', async () => {
    await guest.page('learn', '/api/nothing').expect(404).expect('Content-Type', /json/);
    await guest.page('learn', '/api/lessons/a%00b').expect(404).expect('Content-Type', /json/);
    await guest.page('dashboard', '/api/me').expect(401).expect('Content-Type', /json/);
  });

  it('answers a malformed address with 400', async () => {
    await guest.get('learn', '/lessons/%').expect(400);
  });
});

describe('who may do what', () => {
  it.each([
    ['get', 'dashboard', '/api/me'],
    ['get', 'learn', '/api/me'],
    ['get', 'dashboard', '/api/devices'],
    ['delete', 'dashboard', '/api/devices'],
    ['post', 'dashboard', '/api/account/password'],
    ['post', 'learn', `${lesson}/complete`],
    ['post', 'learn', '/api/certificates'],
    ['get', 'learn', '/api/certificates/01900000-0000-7000-8000-000000000000'],
    ['get', 'dashboard', '/api/certificates/01900000-0000-7000-8000-000000000000/file'],
    ['post', 'learn', '/api/notes'],
    ['get', 'learn', '/api/notes'],
  ] as const)('answers guests with 401: %s %s %s', async (method, app, path) => {
    const body = await bodyOf(guest[method](app, path).expect(401).expect('Cache-Control', 'no-store'));
    expect(body).toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('lets operators alone edit lessons', async () => {
    const edit = { title: 'Mine', markdown: 'Mine' };
    await guest.put('dashboard', lesson, edit).expect(401);
    await (await learner()).put('dashboard', lesson, edit).expect(403);
    const root = await Visitor.signedIn(platform, 'root');
    await root.put('dashboard', '/api/lessons/nothing', edit).expect(404);
    await root.put('dashboard', lesson, { title: '', markdown: 'x' }).expect(400);
  });

  it("hides another person's certificate", async () => {
    const [owner, other] = [await learner(), await learner()];
    const asked = owner.post('learn', '/api/certificates', { course: 'redis-in-production' });
    const path = `/api/certificates/${(await bodyOf<{ id: string }>(asked)).id}`;
    for (const app of webApps) {
      await owner.get(app, path).expect(200);
      await other.get(app, path).expect(404);
      await other.get(app, `${path}/file`).expect(404);
    }
    await other.page('learn', path.replace('/api', '')).expect(404);
  });
});

describe('requests that another site makes a browser send', () => {
  const refused = [
    ['no token', {}],
    ['a wrong token', { 'X-CSRF-Token': 'wrong' }],
    ['a sibling subdomain', { 'Sec-Fetch-Site': 'same-site' }],
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['an old browser on another site', { Origin: 'https://evil.example' }],
    ['an old browser in a sandbox', { Origin: 'null' }],
  ] as const;

  it.each(refused)('are refused: %s', async (_what, headers) => {
    const visitor = await learner();
    const token = visitor.csrfToken;
    visitor.csrfToken = undefined;
    const body = await bodyOf(
      visitor.post('learn', '/api/notes', { text: 'forged' }).set(headers).expect(403),
    );
    expect(body).toMatchObject({ code: 'FORBIDDEN' });
    await visitor.post('learn', '/api/logout').set(headers).expect(403);
    visitor.csrfToken = token;
    await visitor.get('learn', '/api/notes').expect(200, []);
  });

  it('are told from those of its own pages', async () => {
    const visitor = await learner();
    visitor.csrfToken = undefined;
    const own = { 'Sec-Fetch-Site': 'same-origin' };
    await visitor.post('learn', '/api/notes', { text: 'mine' }).set(own).expect(202);
    await visitor
      .post('learn', '/api/notes', { text: 'mine' })
      .set('Origin', platform.urls.learn)
      .expect(202);
  });
});

describe('headers', () => {
  it.each([
    ['dashboard', '/login', 'no-store'],
    ['learn', '/', 'no-store'],
    ['learn', '/lessons/three-kinds-of-data', 'no-store'],
    ['dashboard', '/nothing', 'no-store'],
    // Public, and kept by browsers that ask each time whether it still holds.
    ['learn', '/api/courses', 'public, max-age=0, must-revalidate'],
  ] as const)('protect %s %s', async (app, path, cacheControl) => {
    const { headers } = await guest.page(app, path);
    expect(headers).toMatchObject({
      'cache-control': cacheControl,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('give guests no cookie', async () => {
    for (const path of ['/', '/lessons/three-kinds-of-data', '/api/courses']) {
      const { headers } = await guest.page('learn', path).expect(200);
      expect(headers).not.toHaveProperty('set-cookie');
    }
  });

  it('let browsers keep the assets, whose names change with them', async () => {
    const { text } = await guest.page('learn', '/');
    const [path = ''] = /\/assets\/[^"]+\.css/.exec(text) ?? [];
    await guest
      .get('learn', path)
      .expect(200)
      .expect('Cache-Control', /immutable/);
  });
});
