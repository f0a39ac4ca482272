import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Platform } from '@trivet/tools';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import { Visitor } from './visitor.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const secrets = {
  COOKIE_SECRETS: 'c'.repeat(32),
  SESSION_KEY_SECRET: 'k'.repeat(32),
  SESSION_SEAL_KEYS: 's'.repeat(32),
};

let platform: Platform;
let learners = 0;

beforeAll(async () => {
  platform = await Platform.start({ env: secrets });
}, 120_000);

afterAll(() => platform?.stop());

const nextName = (): string => `learner-${String((learners += 1)).padStart(3, '0')}`;
const signedIn = (name = nextName()): Promise<Visitor> => Visitor.signedIn(platform, name);
const statusOf = async (visitor: Visitor): Promise<number> => (await visitor.get('learn', '/api/me')).status;
/** The other app hears of it within a second; this leaves room for a busy machine. */
const isSignedOut = (visitor: Visitor) =>
  eventually(
    () => statusOf(visitor),
    (status) => status === 401,
    5_000,
  );

describe('the page', () => {
  const password = 'correct horse';
  const endPerson = (by: Visitor, fields: Record<string, string>) =>
    by.submit('dashboard', '/operations/sessions/person', fields);
  const endEverybody = (by: Visitor, fields: Record<string, string>) =>
    by.submit('dashboard', '/operations/sessions/everybody', fields);

  it('lets an operator end one person’s sessions, and nobody else’s', async () => {
    const name = nextName();
    const [phone, laptop, other, operator] = [
      await signedIn(name),
      await signedIn(name),
      await signedIn(),
      await signedIn('root'),
    ];
    await endPerson(operator, { email: `${name}@trivet.localhost`, password }).expect(303);
    for (const device of [phone, laptop]) await isSignedOut(device);
    expect([await statusOf(other), await statusOf(operator)]).toEqual([200, 200]);
    expect(await statusOf(await signedIn(name))).toBe(200);
  });

  it('asks for the operator’s own password, and for the phrase before everybody goes', async () => {
    const [learner, operator] = [await signedIn(), await signedIn('root')];
    const email = 'ada@trivet.localhost';
    await endPerson(operator, { email, password: 'a guess' }).expect(400, /Your password is wrong/);
    await endPerson(operator, { email: 'nobody@trivet.localhost', password }).expect(
      400,
      /Nobody has this address/,
    );
    const phrase = 'sign out everybody';
    await endEverybody(operator, { confirmation: 'yes', password }).expect(400, /to confirm/);
    await endEverybody(operator, { confirmation: phrase, password: 'a guess' }).expect(
      400,
      /password is wrong/,
    );
    expect([await statusOf(learner), await statusOf(operator)]).toEqual([200, 200]);
  });

  it('is for operators only', async () => {
    const learner = await signedIn();
    await learner.page('dashboard', '/operations/sessions').expect(403);
    await endEverybody(learner, { confirmation: 'sign out everybody', password }).expect(403);
    expect(await statusOf(learner)).toBe(200);
  });

  it('lets an operator end everybody’s sessions, their own too', async () => {
    const [learner, operator] = [await signedIn(), await signedIn('root')];
    const answer = await endEverybody(operator, { confirmation: 'Sign out everybody', password }).expect(303);
    expect(answer.headers['location']).toBe('/login?notice=sessions-ended');
    for (const visitor of [learner, operator]) await isSignedOut(visitor);
    expect(await statusOf(await signedIn())).toBe(200);
  });
});

describe('the command', () => {
  /** Runs it as `npm run sessions` and an operator in a pod do. */
  const run = (...args: string[]): Promise<{ code: number; said: string }> =>
    new Promise((resolve) => {
      const { redis, urls, databaseUrl } = platform;
      const env = {
        ...{ PATH: process.env['PATH'], ...secrets, PORT: '0', COOKIE_DOMAIN: 'trivet.localhost' },
        ...{ DATABASE_URL: databaseUrl, MANAGEMENT_PORT: '0' },
        ...{ PUBLIC_URL_DASHBOARD: urls.dashboard, PUBLIC_URL_LEARN: urls.learn },
        ...{ REDIS_SESSION_URL: redis.session.url, REDIS_CACHE_URL: redis.cache.url },
        REDIS_QUEUE_URL: redis.queue.url,
      };
      const script = `${root}apps/dashboard/dist/sessions.js`;
      execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }),
      );
    });

  it('ends one person’s sessions', async () => {
    const name = nextName();
    const [one, other] = [await signedIn(name), await signedIn()];
    const { code, said } = await run('revoke', `${name}@trivet.localhost`);
    expect([code, said]).toEqual([
      0,
      expect.stringMatching(/^[0-9a-f-]{36} is signed out on every device\.\n$/),
    ]);
    await isSignedOut(one);
    expect(await statusOf(other)).toBe(200);
  });

  it('ends everybody’s', async () => {
    const visitors = [await signedIn(), await signedIn('root')];
    expect(await run('revoke-all')).toEqual({ code: 0, said: 'Everybody is signed out.\n' });
    for (const visitor of visitors) await isSignedOut(visitor);
  });

  it('says what it does not understand', async () => {
    expect((await run('revoke', 'nobody@trivet.localhost')).said).toBe('Nobody has this address.\n');
    for (const args of [[], ['revoke'], ['revoke-all', 'x'], ['end']]) {
      const { code, said } = await run(...args);
      expect([code, said]).toEqual([2, expect.stringContaining('Usage: sessions revoke EMAIL')]);
    }
  });
});
