import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { guest, learner, nextName, platform } from './stage.js';
import { bodyOf, Visitor, type WebApp } from './visitor.js';

const webApps: readonly WebApp[] = ['dashboard', 'learn'];

describe('the cache', () => {
  it('is asked first', async () => {
    const path = '/api/lessons/the-transactional-outbox';
    const first = await guest.get('learn', path).expect(200).expect('X-Cache', 'MISS');
    const second = await guest.get('learn', path).expect(200).expect('X-Cache', 'HIT');
    expect(second.body).toEqual(first.body);
  });

  it('answers a signed-in reader of a public body too, and no cookie leaves with it', async () => {
    const path = '/api/lessons/effects-that-happen-once';
    await guest.get('learn', path).expect(200);
    const ada = await Visitor.signedIn(platform, 'ada');
    const answer = await ada.get('learn', path).expect(200).expect('X-Cache', 'HIT');
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  it('answers a reader who has it already with 304', async () => {
    const path = '/api/courses';
    const { headers } = await guest.get('learn', path).expect(200);
    await guest
      .get('learn', path)
      .set('If-None-Match', (headers as Record<string, string>)['etag'] ?? '')
      .expect(304);
  });

  it("shows an operator's edit on learn within a second", async () => {
    const slug = 'snapshots-and-logs';
    await guest.get('learn', `/api/lessons/${slug}`).expect(200);
    await guest.get('learn', '/api/courses').expect(200);
    const root = await Visitor.signedIn(platform, 'root');
    const edit = { title: 'Edited <b>', markdown: 'New *text*<script>alert(1)</script>' };
    const body = await bodyOf<{ html: string }>(
      root.put('dashboard', `/api/lessons/${slug}`, edit).expect(200),
    );
    expect(body).toEqual({
      slug,
      title: edit.title,
      html: expect.stringContaining('<em>text</em>'),
    });
    expect(body.html).not.toContain('<script');
    const read = () => bodyOf(guest.get('learn', `/api/lessons/${slug}`));
    await eventually(read, (lesson) => isDeepStrictEqual(lesson, body), 1_000);
    const { text } = await guest.page('learn', '/').expect(200);
    expect(text).toContain('Edited &lt;b');
  });
});

describe('progress', () => {
  it('is the same on both apps as soon as a lesson is completed', async () => {
    const visitor = await learner();
    expect((await visitor.page('dashboard', '/').expect(200)).text).toContain('0 of 5');
    const body = await bodyOf(visitor.post('learn', '/api/lessons/three-kinds-of-data/complete').expect(200));
    expect(body).toEqual({
      progress: {
        course: 'redis-in-production',
        title: 'Redis in production',
        completed: 1,
        total: 5,
        percent: 20,
      },
    });
    for (const app of webApps) expect((await visitor.page(app, '/').expect(200)).text).toContain('1 of 5');
    await visitor.post('learn', '/api/lessons/nothing/complete').expect(404);
  });
});

describe('devices', () => {
  interface Device {
    readonly id: string;
    readonly label: string;
    readonly app: string;
    readonly current: boolean;
  }
  const devicesOf = (visitor: Visitor) =>
    bodyOf<Device[]>(visitor.get('dashboard', '/api/devices').expect(200));

  it('are listed with the one that asks marked', async () => {
    const name = nextName();
    const [phone, laptop] = [await Visitor.signedIn(platform, name), await Visitor.signedIn(platform, name)];
    const devices = await devicesOf(phone);
    expect(devices).toHaveLength(2);
    expect(devices.filter(({ current }) => current)).toHaveLength(1);
    expect(devices[0]).toMatchObject({ app: 'dashboard', label: expect.any(String) });
    expect((await devicesOf(laptop)).find(({ current }) => current)?.id).not.toBe(
      devices.find(({ current }) => current)?.id,
    );
  });

  it('are signed out one by one, the others, or all', async () => {
    const name = nextName();
    const signIn = () => Visitor.signedIn(platform, name);
    const [mine, first, second, third] = [await signIn(), await signIn(), await signIn(), await signIn()];
    const target = (await devicesOf(first)).find(({ current }) => current)?.id;
    await mine.delete('dashboard', `/api/devices/${target}`).expect(204);
    await mine.delete('dashboard', `/api/devices/${target}`).expect(404);
    await first.get('learn', '/api/me').expect(401);
    await second.get('learn', '/api/me').expect(200);
    await mine.delete('dashboard', '/api/devices?except=current').expect(204);
    for (const other of [second, third]) await other.get('learn', '/api/me').expect(401);
    await mine.get('learn', '/api/me').expect(200);
    await mine.delete('dashboard', '/api/devices').expect(204);
    await mine.get('learn', '/api/me').expect(401);
  });

  it('of other people cannot be signed out', async () => {
    const [owner, other] = [await learner(), await learner()];
    const [device] = await devicesOf(owner);
    await other.delete('dashboard', `/api/devices/${device?.id}`).expect(404);
    await owner.get('dashboard', '/api/me').expect(200);
  });

  it('other than the one that changes the password are signed out', async () => {
    const name = nextName();
    const [mine, other] = [await Visitor.signedIn(platform, name), await Visitor.signedIn(platform, name)];
    const change = (currentPassword: string, newPassword: string) =>
      mine.post('dashboard', '/api/account/password', { currentPassword, newPassword });
    await change('not the horse', 'battery staple').expect(403);
    await change('correct horse', 'short').expect(400);
    await other.get('learn', '/api/me').expect(200);
    await change('correct horse', 'battery staple').expect(204);
    await other.get('learn', '/api/me').expect(401);
    await mine.get('learn', '/api/me').expect(200);
    await guest.signIn(name).expect(401);
    await guest.signIn(name, 'battery staple').expect(200);
  });
});

describe('jobs', () => {
  it('make a certificate once', async () => {
    const visitor = await learner();
    const ask = () => visitor.post('learn', '/api/certificates', { course: 'queues-that-keep-promises' });
    const placed = await bodyOf<{ id: string }>(ask().expect(202));
    expect(placed).toEqual({ id: expect.any(String), placed: 'outbox' });
    await ask().expect(409);
    const certificate = () =>
      bodyOf<{ state: string }>(visitor.get('dashboard', `/api/certificates/${placed.id}`).expect(200));
    await eventually(certificate, ({ state }) => state === 'ready', 10_000);
    await ask().expect(409);
    for (const app of webApps) {
      const file = await visitor.get(app, `/api/certificates/${placed.id}/file`).expect(200);
      expect(file.headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store' });
      expect((file.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
    }
    await visitor.post('learn', '/api/certificates', { course: 'nothing' }).expect(404);
  });

  it('append each note once, newest first', async () => {
    const visitor = await learner();
    for (const text of ['first', 'second']) {
      const body = await bodyOf(visitor.post('learn', '/api/notes', { text }).expect(202));
      expect(body).toEqual({ id: expect.any(String), placed: 'queue' });
    }
    const notes = () => bodyOf<{ text: string }[]>(visitor.get('learn', '/api/notes').expect(200));
    const both = await eventually(notes, ({ length }) => length >= 2, 10_000);
    expect(both.map(({ text }) => text)).toEqual(['second', 'first']);
    await visitor.get('learn', '/api/notes?limit=1').expect(200, [both[0]]);
  });
});

describe('health and metrics', () => {
  const management = async (app: 'dashboard' | 'learn' | 'worker', path: string) => {
    const response = await fetch(platform.management[app] + path);
    return { status: response.status, text: await response.text() };
  };

  it.each(['dashboard', 'learn', 'worker'] as const)('tell on the management port of %s', async (app) => {
    expect(await management(app, '/health')).toEqual({ status: 200, text: '{"status":"ok","reasons":[]}' });
    expect((await management(app, '/health/live')).status).toBe(200);
    expect((await management(app, '/health/ready')).status).toBe(200);
    const { status, text } = await management(app, '/metrics');
    expect(status).toBe(200);
    expect(text).toMatch(/^trivet_redis_up\{.*group="queue".*\} 1$/m);
  });

  it.each(webApps)('tell nothing but yes or no on the public port of %s', async (app) => {
    await guest.get(app, '/health/live').expect(200, { status: 'ok' });
    await guest.get(app, '/health/ready').expect(200, { status: 'ok' });
    await guest.get(app, '/health').expect(404);
    await guest.get(app, '/metrics').expect(404);
  });
});
