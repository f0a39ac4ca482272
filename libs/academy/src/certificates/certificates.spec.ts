import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { DeadLetters } from '@trivet/queue';
import { sql } from 'drizzle-orm';
import { type AcademyFixture, startAcademy } from '../academy.fixture.js';
import { certificates as table, users } from '../academy.schema.js';
import { seedCourses } from '../seeds/seed-courses.js';
import { IssueCertificateHandler } from './issue-certificate.job.js';
import { Certificates } from './certificates.js';

let academy: AcademyFixture;
let certificates: Certificates;
const [ada, grace] = [randomUUID(), randomUUID()];
const course = 'redis-in-production';

beforeAll(async () => {
  academy = await startAcademy();
  await seedCourses(academy.database);
  const person = (id: string, name: string) => ({
    id,
    name,
    email: `${name}@example.org`,
    passwordHash: '',
    roles: [],
  });
  await academy.database.insert(users).values([person(ada, 'ada'), person(grace, 'grace')]);
  certificates = new Certificates(academy.database, academy.clock);
});

beforeEach(async () => {
  await academy.database.delete(table);
});

afterAll(async () => {
  await academy.stop();
});

/** Runs the job as a job runner does: all effects in one transaction. */
async function issue(certificateId: string): Promise<void> {
  const handler = new IssueCertificateHandler(academy.clock);
  const { signal } = new AbortController();
  await academy.database.transaction((tx) =>
    handler.handle({ certificateId }, { id: randomUUID(), tx, signal }),
  );
}

it('is pending until its job has made the PDF', async () => {
  const { id } = await certificates.request(ada, course);
  expect(await certificates.find(id, ada)).toMatchObject({ course, state: 'pending', issuedAt: null });
  await expect(certificates.file(id, ada)).rejects.toMatchObject({ code: 'CERTIFICATE_NOT_FOUND' });
  await issue(id);
  const issuedAt = academy.clock.now();
  expect(await certificates.list(ada)).toEqual([
    { id, course, title: 'Redis in production', state: 'ready', requestedAt: issuedAt, issuedAt },
  ]);
  expect((await certificates.file(id, ada)).toString('latin1', 0, 5)).toBe('%PDF-');
});

it('reports the one that was requested already', async () => {
  const { id } = await certificates.request(ada, course);
  const again = { code: 'CERTIFICATE_EXISTS', certificateId: id };
  await expect(certificates.request(ada, course)).rejects.toMatchObject(again);
  await issue(id);
  await expect(certificates.request(ada, course)).rejects.toMatchObject(again);
});

it('lets one of many requests at once win', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, () => certificates.request(ada, course)),
  );
  const [winner, ...others] = results.filter(({ status }) => status === 'fulfilled');
  expect(winner).toMatchObject({ value: { id: (await certificates.list(ada))[0]?.id } });
  expect(others).toEqual([]);
});

/** Gives a job up, as the worker does. */
async function bury(jobId: string): Promise<void> {
  const letter = { queue: 'certificates', job: 'academy.issue-certificate', reason: 'failed', error: 'E' };
  await academy.database.execute(sql`
    insert into queue.dead_letters (id, queue, job, version, payload, bytes, reason, error, attempts, added_at)
    values (${jobId}, ${letter.queue}, ${letter.job}, 1, '{}', 2, ${letter.reason}, ${letter.error}, 5, now())`);
}

it('has failed once its job is given up, and can then be requested again with a new job', async () => {
  const { id, jobId } = await certificates.request(ada, course);
  await bury(jobId);
  expect((await certificates.find(id, ada)).state).toBe('failed');
  expect((await certificates.list(ada)).map(({ state }) => state)).toEqual(['failed']);
  const again = await certificates.request(ada, course);
  expect(again).toEqual({ id, jobId: expect.not.stringMatching(jobId) });
  expect((await certificates.find(id, ada)).state).toBe('pending');
  await expect(certificates.request(ada, course)).rejects.toMatchObject({ code: 'CERTIFICATE_EXISTS' });
});

it('is pending again when its job is redriven, and no dead letter undoes a finished one', async () => {
  const { id, jobId } = await certificates.request(ada, course);
  await bury(jobId);
  await new DeadLetters(academy.database).redrive({ ids: [jobId] });
  expect((await certificates.find(id, ada)).state).toBe('pending');
  await issue(id);
  await bury(jobId);
  expect((await certificates.find(id, ada)).state).toBe('ready');
  await expect(certificates.request(ada, course)).rejects.toMatchObject({ code: 'CERTIFICATE_EXISTS' });
});

it('leaves nothing behind when the transaction around the request is rolled back', async () => {
  const business = academy.database.transaction(async (tx) => {
    await certificates.request(ada, course, tx);
    throw new Error('the job could not be added');
  });
  await expect(business).rejects.toThrow('the job could not be added');
  expect(await certificates.list(ada)).toEqual([]);
});

it('is issued once, even if its job runs twice', async () => {
  const { id } = await certificates.request(ada, course);
  await issue(id);
  const { issuedAt } = await certificates.find(id, ada);
  academy.clock.advance(1_000);
  await issue(id);
  expect((await certificates.find(id, ada)).issuedAt).toEqual(issuedAt);
});

it('belongs to one person', async () => {
  const { id } = await certificates.request(ada, course);
  await issue(id);
  const notFound = { code: 'CERTIFICATE_NOT_FOUND' };
  await expect(certificates.find(id, grace)).rejects.toMatchObject(notFound);
  await expect(certificates.file(id, grace)).rejects.toMatchObject(notFound);
  await expect(certificates.find('nonsense', ada)).rejects.toMatchObject(notFound);
  await expect(certificates.file('nonsense', ada)).rejects.toMatchObject(notFound);
});

it('exists for courses only', async () => {
  await expect(certificates.request(ada, 'nonsense')).rejects.toMatchObject({ code: 'COURSE_NOT_FOUND' });
});

it('has its job fail, to be tried again, when the request is not there yet', async () => {
  await expect(issue(randomUUID())).rejects.toMatchObject({ code: 'CERTIFICATE_NOT_FOUND' });
});
