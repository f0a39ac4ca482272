import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { type Mail, Platform } from '@trivet/tools';
import type { Browser, Page } from 'playwright-core';
import { complaintsOf, startChromium } from './browser.js';
import { eventually } from './eventually.js';
import { bodyOf, Visitor } from './visitor.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

let platform: Platform;
let browser: Browser;

beforeAll(async () => {
  [platform, browser] = await Promise.all([Platform.start(), startChromium()]);
}, 120_000);

afterEach(async () => {
  if (platform.redis.queue.pid === undefined) await platform.redis.queue.start();
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

interface Certificate {
  readonly id: string;
  readonly state: string;
}

const askFor = async (visitor: Visitor, course: string) =>
  bodyOf<{ id: string; placed: string }>(visitor.post('learn', '/api/certificates', { course }).expect(202));

const untilItIs = (state: string, visitor: Visitor, id: string) =>
  eventually(
    () => bodyOf<Certificate>(visitor.get('learn', `/api/certificates/${id}`)),
    (certificate) => certificate.state === state,
    15_000,
  );

const mailsTo = async (name: string): Promise<Mail[]> =>
  (await platform.mail.folder.list()).filter(({ to }) => to.includes(`${name}@trivet.localhost`));

it('makes a certificate in the worker, from the outbox, while the queue’s Redis is dead', async () => {
  const visitor = await Visitor.signedIn(platform, 'learner-011');
  await platform.redis.queue.kill();
  const { id, placed } = await askFor(visitor, 'redis-in-production');
  expect(placed).toBe('outbox');
  await visitor.post('learn', '/api/certificates', { course: 'redis-in-production' }).expect(409);
  await untilItIs('ready', visitor, id);
  const file = await visitor.get('learn', `/api/certificates/${id}/file`).expect(200);
  expect((file.body as Buffer).toString('latin1', 0, 5)).toBe('%PDF-');
});

it('takes a note inline while the queue’s Redis is dead, and the worker takes the next ones', async () => {
  const visitor = await Visitor.signedIn(platform, 'learner-012');
  const take = () =>
    bodyOf<{ placed: string }>(visitor.post('learn', '/api/notes', { text: 'noted' }).expect(202));
  await platform.redis.queue.kill();
  expect(await take()).toMatchObject({ placed: 'inline' });
  await platform.redis.queue.start();
  await eventually(take, ({ placed }) => placed === 'queue', 5_000);
});

it('mails somebody their week once, however often they ask, and shows it on the mail page', async () => {
  const visitor = await Visitor.signedIn(platform, 'learner-013');
  await visitor.post('learn', '/api/lessons/three-kinds-of-data/complete').expect(200);
  const ask = () => bodyOf<{ id: string }>(visitor.post('learn', '/api/digests').expect(202));
  const asked = await Promise.all([ask(), ask()]);
  const ids = new Set(asked.map(({ id }) => id));
  const mails = await eventually(
    () => mailsTo('learner-013'),
    ({ length }) => length >= ids.size,
    15_000,
  );
  expect(mails.map(({ messageId }) => messageId).sort()).toEqual(
    [...ids].map((id) => `<${id}@trivet.localhost>`).sort(),
  );
  const page = await browser.newPage();
  const complaints = complaintsOf(page);
  await page.goto(platform.mail.pageUrl);
  await page.getByText('learner-013@trivet.localhost').first().click();
  await page.getByRole('heading', { name: 'Hello Learner 013,' }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

it('mails it from the outbox too, while the queue’s Redis is dead', async () => {
  const visitor = await Visitor.signedIn(platform, 'learner-014');
  await platform.redis.queue.kill();
  expect(await bodyOf(visitor.post('learn', '/api/digests').expect(202))).toMatchObject({ placed: 'outbox' });
  await eventually(
    () => mailsTo('learner-014'),
    ({ length }) => length > 0,
    15_000,
  );
  expect(await mailsTo('learner-014')).toHaveLength(1);
});

/** Asks for a digest that the mail server refuses for good, until its job is a dead letter. */
async function refusedDigest(name: string): Promise<string> {
  const address = `${name}@trivet.localhost`;
  platform.mail.refused.add(address);
  const visitor = await Visitor.signedIn(platform, name);
  const { id } = await bodyOf<{ id: string }>(visitor.post('learn', '/api/digests').expect(202));
  await eventually(
    () => queueCommand('dead', 'list'),
    (list) => list.includes(id),
    15_000,
  );
  platform.mail.refused.delete(address);
  return id;
}

/** `node apps/worker/dist/queue.js`, as it is in the image. */
async function queueCommand(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '', DATABASE_URL: platform.databaseUrl };
  const { stdout } = await promisify(execFile)('node', ['apps/worker/dist/queue.js', ...args], {
    cwd: root,
    env,
  });
  return stdout;
}

async function openQueues(page: Page): Promise<void> {
  await page.goto(`${platform.urls.dashboard}/operations/queues`);
  await page.getByLabel('E-mail').fill('root@trivet.localhost');
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Queues', level: 1 }).waitFor();
}

it('shows an operator a job that could not be done, and redrives it without JavaScript', async () => {
  const id = await refusedDigest('learner-015');
  expect(await mailsTo('learner-015')).toEqual([]);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await openQueues(page);
  await page.getByText('weekly-digests').waitFor();
  await page.getByText(id).waitFor();
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('1 job would be redriven').waitFor();
  await page.getByRole('button', { name: `Redrive ${id}` }).click();
  await page.getByText('The jobs are on their way again.').waitFor();
  await eventually(
    () => mailsTo('learner-015'),
    ({ length }) => length === 1,
    15_000,
  );
  expect(complaints).toEqual([]);
  await context.close();
}, 90_000);

it('redrives from the command line', async () => {
  await refusedDigest('learner-016');
  const filter = ['--job', 'academy.send-digest'];
  expect(await queueCommand('dead', 'redrive', ...filter, '--dry-run')).toBe('1 job would be redriven.\n');
  expect(await queueCommand('dead', 'redrive', ...filter)).toBe('1 job is redriven.\n');
  await eventually(
    () => mailsTo('learner-016'),
    ({ length }) => length === 1,
    15_000,
  );
  expect(await queueCommand('dead', 'list')).toBe('No dead letters.\n');
}, 90_000);

it('keeps everybody but operators out of the queues', async () => {
  const visitor = await Visitor.signedIn(platform, 'learner-017');
  await visitor.page('dashboard', '/operations/queues').expect(403);
  await visitor.submit('dashboard', '/operations/queues/redrive', { go: 'redrive' }).expect(403);
});
