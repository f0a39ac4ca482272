import { afterEach, describe, expect, it } from '@jest/globals';
import { type AppName, type GroupName } from '@trivet/tools';
import type { Response } from 'supertest';
import { eventually } from './eventually.js';
import { routes, type Route } from './routes.js';
import { learner, platform } from './stage.js';
import { bodyOf, Visitor } from './visitor.js';

const groups: readonly GroupName[] = ['session', 'cache', 'queue'];
const processes: readonly AppName[] = ['dashboard', 'learn', 'worker'];
/** DESIGN asks for far less; this leaves room for a busy machine, and none for a hang. */
const longestAnswerMs = 1_000;
/** A password hash is slow on purpose. */
const longestHashingMs = 4_000;
const recoveryMs = 5_000;

const isHealthy = async (app: AppName): Promise<boolean> => {
  const response = await fetch(`${platform.management[app]}/health`);
  return ((await response.json()) as { status: string }).status === 'ok';
};

async function restore(): Promise<void> {
  for (const group of groups) platform.redis[group].resume();
  await Promise.all(groups.map((group) => platform.redis[group].start()));
  for (const app of processes) await eventually(() => isHealthy(app), Boolean, recoveryMs);
}

afterEach(restore);

interface Answer {
  readonly route: Route;
  readonly response: Response;
  readonly tookMs: number;
}

/** Asks for everything, one after the other, as one person would. */
async function askForEverything(visitor: Visitor): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const route of routes) {
    const startedAt = performance.now();
    const response = await route.ask(visitor);
    answers.push({ route, response, tookMs: performance.now() - startedAt });
  }
  return answers;
}

const degradedOf = ({ response }: Answer): string =>
  (response.headers as Record<string, string>)['x-degraded'] ?? '';

/** What somebody would complain of. */
function complaintsOf(answers: readonly Answer[], cookie: string | undefined): string[] {
  return answers.flatMap(({ route, response, tookMs }) => {
    const { status, headers } = response;
    const isDeclared = route.isStepUp && status === 503 && headers['retry-after'] !== undefined;
    const sid = response.get('Set-Cookie')?.filter((line) => line.startsWith('_shared_org_session=')) ?? [];
    const set = sid.filter((line) => !line.includes(`=${cookie};`));
    return [
      ...(status >= 500 && !isDeclared ? [`${route.name}: ${status} ${response.text}`] : []),
      ...(tookMs > (route.hashes ? longestHashingMs : longestAnswerMs)
        ? [`${route.name}: ${Math.round(tookMs)} ms`]
        : []),
      ...set.map((line) => `${route.name}: ${line}`),
    ];
  });
}

/** Records of a kind about a group that a process has logged so far. */
const logged = (app: AppName, event: string, group: GroupName): number =>
  platform.logs(app).filter((line) => line.includes(`"${event}"`) && line.includes(`"group":"${group}"`))
    .length;

const take = (group: GroupName, fault: 'kill' | 'hang') => platform.redis[group][fault]();

describe.each(groups)('while the %s Redis is away', (group) => {
  it.each(['kill', 'hang'] as const)(
    'nobody gets an error, waits or loses the session (%s)',
    async (fault) => {
      const visitor = await learner();
      const { cookie } = visitor;
      const me = await bodyOf<{ user: object }>(visitor.get('learn', '/api/me'));
      await take(group, fault);
      for (let round = 0; round < 2; round += 1) {
        const answers = await askForEverything(visitor);
        expect(complaintsOf(answers, cookie)).toEqual([]);
        expect(new Set(answers.map(degradedOf).filter(Boolean))).toEqual(new Set([group]));
      }
      expect(visitor.cookie).toBe(cookie);
      const lesson = await new Visitor(platform).page('learn', '/lessons/probes-that-help').expect(200);
      expect(lesson.text).toContain('<article>');

      await restore();
      expect(await bodyOf(visitor.get('learn', '/api/me').expect(200))).toMatchObject({ user: me.user });
      const healthy = await askForEverything(visitor);
      expect(complaintsOf(healthy, cookie)).toEqual([]);
      expect(healthy.map(degradedOf).filter(Boolean)).toEqual([]);
      expect(healthy.filter(({ response }) => response.status === 503)).toEqual([]);
    },
  );

  it('every process that uses it says so once, and once that it is back', async () => {
    const users = processes.filter((app) => app !== 'worker' || group === 'queue');
    const count = (event: string) => users.map((app) => logged(app, event, group));
    const [downs, ups] = [count('redis_group_down'), count('redis_group_up')];
    const visitor = await learner();
    await platform.redis[group].kill();
    await askForEverything(visitor);
    await askForEverything(visitor);
    await restore();
    expect(count('redis_group_down')).toEqual(downs.map((before) => before + 1));
    expect(count('redis_group_up')).toEqual(ups.map((before) => before + 1));
  });

  it('the certificate arrives', async () => {
    const visitor = await learner();
    const ask = () => visitor.post('learn', '/api/certificates', { course: 'queues-that-keep-promises' });
    await platform.redis[group].kill();
    const answer = await ask();
    expect(answer.status).toBe(202);
    const { id, placed } = answer.body as { id: string; placed: string };
    expect(placed).toBe('outbox');
    const certificate = () =>
      bodyOf<{ state: string }>(visitor.get('learn', `/api/certificates/${id}`).expect(200));
    await eventually(certificate, ({ state }) => state === 'ready', recoveryMs);
    const pdf = await bodyOf<Buffer>(visitor.get('dashboard', `/api/certificates/${id}/file`).expect(200));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });
});

describe.each(['kill', 'hang'] as const)('while the session Redis is away (%s)', (fault) => {
  it('pages show who is signed in, and say what has to wait', async () => {
    const visitor = await learner();
    const { user } = await bodyOf<{ user: { name: string } }>(visitor.get('learn', '/api/me'));
    await take('session', fault);
    for (const app of ['dashboard', 'learn'] as const) {
      const page = await visitor.page(app, '/').expect(200).expect('X-Degraded', 'session');
      expect(page.text).toContain(user.name);
      expect(page.text).toContain('Your sign-in is kept.');
    }
    const account = await visitor.page('dashboard', '/account').expect(200);
    expect(account.text).toContain(user.name);
  });

  it('a step-up is refused for a while with a page for people, and works after', async () => {
    const visitor = await learner();
    await take('session', fault);
    const revoke = () => visitor.submit('dashboard', '/account/devices/revoke-others');
    const page = await revoke().expect(503).expect('Content-Type', /html/).expect('Retry-After', /^\d+$/);
    expect(page.text).toContain('Just a moment');
    await restore();
    await revoke().expect(303);
  });
});

it('signs people in without the session Redis, for both apps and for good', async () => {
  await platform.redis.session.kill();
  const visitor = new Visitor(platform);
  await visitor.signIn('ada').expect(200);
  const { cookie } = visitor;
  const mode = async () =>
    (await bodyOf<{ session: { mode: string } }>(visitor.get('learn', '/api/me').expect(200))).session.mode;
  expect(await mode()).toBe('snapshot');
  await restore();
  expect(await mode()).toBe('live');
  expect(visitor.cookie).toBe(cookie);
});

it('signs people out without the session Redis, in both apps and for good', async () => {
  const visitor = await learner();
  const thief = visitor.copy();
  await platform.redis.session.kill();
  await visitor.post('learn', '/api/logout').expect(204);
  await thief.get('learn', '/api/me').expect(401);
  const seenByDashboard = () => thief.get('dashboard', '/api/me').then(({ status }) => status);
  await eventually(seenByDashboard, (status) => status === 401, 2_000);
  await restore();
  await thief.get('dashboard', '/api/me').expect(401);
  await thief.get('learn', '/api/me').expect(401);
});

it("an operator's edit made while the cache hangs is what readers see after its return", async () => {
  const root = await Visitor.signedIn(platform, 'root');
  const path = '/api/lessons/effects-that-happen-once';
  await root.get('learn', path).expect(200);
  await root.get('learn', path).expect(200).expect('X-Cache', 'HIT');
  platform.redis.cache.hang();
  const edit = { title: 'Edited in an outage', markdown: 'New.' };
  await root.put('dashboard', path, edit).expect(200).expect('X-Degraded', 'cache');
  // Nobody can tell learn of it, but memory is not believed for longer than a second without news.
  const lesson = async () => (await root.get('learn', path).expect(200)).text;
  await eventually(lesson, (text) => text.includes('Edited in an outage'), 1_000);
  await restore();
  await root.get('learn', path).expect(200, /Edited in an outage/);
});

it.each(['cache', 'queue'] as const)('shows operators that the %s Redis is away', async (group) => {
  const root = await Visitor.signedIn(platform, 'root');
  const page = async () => (await root.page('dashboard', '/operations').expect(200)).text;
  await platform.redis[group].kill();
  await eventually(page, (html) => html.includes('1 of 3 groups is not up'), 1_000);
  await restore();
  expect(await page()).toContain('All three groups are up.');
});

it('signs out in an outage of the other two groups', async () => {
  const visitor = await learner();
  const { cookie } = visitor;
  await Promise.all([platform.redis.cache.kill(), platform.redis.queue.kill()]);
  await visitor.post('learn', '/api/logout').expect(204);
  visitor.cookie = cookie;
  await visitor.get('dashboard', '/api/me').expect(401);
});

it('boots and serves without any Redis, and is whole again when they come', async () => {
  const visitor = await learner();
  const { cookie } = visitor;
  await Promise.all(groups.map((group) => platform.redis[group].kill()));
  await Promise.all(processes.map((app) => platform.restart(app)));
  const known = () => visitor.get('dashboard', '/api/me').then(({ status }) => status);
  await eventually(known, (status) => status === 200, recoveryMs);
  expect(complaintsOf(await askForEverything(visitor), cookie)).toEqual([]);
  const lesson = await visitor.page('learn', '/lessons/what-a-drain-does').expect(200);
  expect(lesson.get('X-Degraded')).toBeDefined();
  await restore();
  await visitor.get('dashboard', '/api/me').expect(200);
  expect(await bodyOf(visitor.post('learn', '/api/notes', { text: 'back' }).expect(202))).toMatchObject({
    placed: 'queue',
  });
}, 120_000);
