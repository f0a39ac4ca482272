import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { DatabaseModule } from '@trivet/database';
import { type DurableQueue, getDurableQueueToken, QueueModule } from '@trivet/queue';
import { sql } from 'drizzle-orm';
import { type AcademyFixture, startAcademy } from '../academy.fixture.js';
import { certificates, digestReaders, notes, progress, users } from '../academy.schema.js';
import { Mailer, type OutgoingMail } from '../mail/mailer.js';
import { seedCourses } from '../seeds/seed-courses.js';
import { digestMail } from './digest-mail.js';
import { type Digest, Digests, weekUntil } from './digests.js';
import { PlanDigestsHandler, startOfWeek } from './plan-digests.job.js';
import { digestId, sendDigest, SendDigestHandler } from './send-digest.job.js';

let academy: AcademyFixture;
let digests: Digests;
const [ada, grace] = [randomUUID(), randomUUID()];
const until = new Date('2026-03-08T00:00:00Z');
const day = (date: string) => new Date(`${date}T00:00:00Z`);
const [inside, atTheStart, atTheEnd] = [day('2026-03-05'), day('2026-03-01'), day('2026-03-08')] as const;

beforeAll(async () => {
  academy = await startAcademy();
  await seedCourses(academy.database);
  digests = new Digests(academy.database);
  const person = (id: string, name: string) => ({
    id,
    name,
    email: `${id}@example.org`,
    passwordHash: '',
    roles: [],
  });
  await academy.database.insert(users).values([person(ada, 'Ada <L>'), person(grace, 'Grace')]);
});

beforeEach(async () => {
  for (const table of [progress, certificates, notes, digestReaders]) await academy.database.delete(table);
});

afterAll(() => academy.stop());

const complete = (lessonSlug: string, completedAt = inside) =>
  academy.database.insert(progress).values({ userId: ada, lessonSlug, completedAt });

const read = async (): Promise<Digest> => {
  const digest = await digests.read(ada, weekUntil(until));
  if (!digest) throw new Error('there is no digest');
  return digest;
};

it('counts what was done from the first moment of the week up to its end', async () => {
  await complete('three-kinds-of-data', atTheStart);
  await complete('memory-and-eviction', atTheEnd);
  await complete('snapshots-and-logs', new Date(0));
  const [redis, queues] = (await read()).courses;
  expect(redis).toEqual({ title: 'Redis in production', completed: 3, total: 5, lately: 1 });
  expect(queues).toMatchObject({ completed: 0, lately: 0 });
});

it('tells of certificates and notes of the week, of the person alone', async () => {
  const certificate = { courseSlug: 'redis-in-production', state: 'ready', requestedAt: inside } as const;
  await academy.database.insert(certificates).values([
    { ...certificate, id: randomUUID(), userId: ada, issuedAt: inside, pdf: Buffer.from('') },
    { ...certificate, id: randomUUID(), userId: grace, issuedAt: inside, pdf: Buffer.from('') },
  ]);
  const note = { jobId: 'j', text: 't', userId: ada };
  await academy.database.insert(notes).values([
    { ...note, at: inside },
    { ...note, at: new Date(0) },
    { ...note, at: inside, userId: grace },
  ]);
  expect(await read()).toMatchObject({ certificates: ['Redis in production'], notes: 1 });
});

it('leads to the first lesson that is open, until there is none', async () => {
  expect((await read()).next?.slug).toBe('three-kinds-of-data');
  await complete('three-kinds-of-data');
  expect((await read()).next?.slug).toBe('memory-and-eviction');
});

it('knows who wants one each week', async () => {
  await digests.setWeeklyReader(ada, true);
  await digests.setWeeklyReader(ada, true);
  await digests.setWeeklyReader(grace, true);
  await digests.setWeeklyReader(grace, false);
  expect(await digests.weeklyReaders()).toEqual([ada]);
  expect(await digests.isWeeklyReader(ada)).toBe(true);
  expect(await digests.isWeeklyReader(grace)).toBe(false);
});

it('writes a mail that says the same as text and as HTML, and escapes what people and lessons are called', async () => {
  await complete('three-kinds-of-data');
  const { to, subject, text, html } = digestMail(await read(), 'http://learn.test');
  expect(to).toBe(`${ada}@example.org`);
  expect(subject).toBe('Your week: 1 lesson completed');
  expect(text).toContain('Hello Ada <L>,');
  expect(text).toContain('- Redis in production: 1 of 5 lessons, 1 of them this week');
  expect(text).toContain('http://learn.test/lessons/memory-and-eviction');
  expect(html).toContain('Hello Ada &#60;L&#62;,');
  expect(html).toContain('<a href="http://learn.test/lessons/memory-and-eviction">');
});

class Outbox extends Mailer {
  readonly sent: OutgoingMail[] = [];
  async send(mail: OutgoingMail): Promise<void> {
    this.sent.push(mail);
  }
}

it('mails a digest under the id of its job, and nothing to somebody who has left', async () => {
  const outbox = new Outbox();
  const handler = new SendDigestHandler(digests, outbox, 'http://learn.test');
  const { signal } = new AbortController();
  const run = (userId: string) =>
    academy.database.transaction((tx) =>
      handler.handle({ userId, until: until.toISOString() }, { id: 'job-1', tx, signal }),
    );
  await run(ada);
  await run(randomUUID());
  expect(outbox.sent.map(({ id, to }) => [id, to])).toEqual([['job-1', `${ada}@example.org`]]);
});

it('is one job however often it is asked for', () => {
  const digest = { userId: ada, until: until.toISOString() };
  expect(digestId(digest)).toBe(digestId({ ...digest }));
  expect(digestId(digest)).not.toBe(digestId({ ...digest, userId: grace }));
  expect(digestId(digest)).not.toBe(digestId({ ...digest, until: new Date(0).toISOString() }));
});

it('plans one digest for each weekly reader and week, however often it is planned', async () => {
  const redis = { url: 'redis://127.0.0.1:1' };
  const app = await Test.createTestingModule({
    imports: [
      DatabaseModule.forRoot({ url: academy.url }),
      QueueModule.forRoot({ redis, jobs: [sendDigest], handlers: [] }),
    ],
  }).compile();
  const queue = app.get<DurableQueue>(getDurableQueueToken(sendDigest.queue), { strict: false });
  const handler = new PlanDigestsHandler(digests, academy.clock, queue);
  const { signal } = new AbortController();
  const plan = () =>
    academy.database.transaction((tx) => handler.handle({}, { id: randomUUID(), tx, signal }));
  await digests.setWeeklyReader(ada, true);
  await digests.setWeeklyReader(grace, true);
  await plan();
  await plan();
  const { rows } = await academy.database.execute(sql`select payload from queue.outbox`);
  const digestOf = (userId: string) => ({ payload: { userId, until: '2026-02-23T00:00:00.000Z' } });
  expect(rows).toHaveLength(2);
  expect(rows).toEqual(expect.arrayContaining([digestOf(ada), digestOf(grace)]));
  await app.close();
});

it.each([
  ['2026-03-02T00:00:00Z', '2026-03-02T00:00:00.000Z'],
  ['2026-03-08T23:59:59Z', '2026-03-02T00:00:00.000Z'],
  ['2026-03-01T12:00:00Z', '2026-02-23T00:00:00.000Z'],
])('knows of %s that its week began at %s', (at, monday) => {
  expect(startOfWeek(new Date(at)).toISOString()).toBe(monday);
});
