import { Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { sql } from 'drizzle-orm';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { z } from 'zod';
import { DeadLetters } from './dead-letters/dead-letters.js';
import { defineJob, type JobContext } from './jobs/job.js';
import { EffectHandler, QueueFixture, type QueueProcess } from './queue.fixture.js';

const payload = z.object({ text: z.string() });
const mail = defineJob({ name: 'mail', queue: 'mails', payload, attempts: 2, backoffMs: 10 });
const bill = defineJob({
  name: 'bill',
  queue: 'mails',
  payload,
  attempts: 2,
  backoffMs: 10,
  durability: 'transactional',
});

let isBroken = true;
let isCareless = false;

abstract class Fragile extends EffectHandler {
  override async handle(payload: { text: string }, context: JobContext): Promise<void> {
    await super.handle(payload, context);
    if (isCareless) await context.tx.execute(sql`select nonsense`).catch(() => undefined);
    if (isBroken) throw new Error('the mail server says no');
  }
}

@Injectable()
class MailHandler extends Fragile {
  readonly job = mail;
}

@Injectable()
class BillHandler extends Fragile {
  readonly job = bill;
}

let fixture: QueueFixture;
let redis: RedisServer;
let web: QueueProcess;
let deadLetters: DeadLetters;

beforeAll(async () => {
  fixture = await QueueFixture.start({ jobs: [mail, bill], handlers: [MailHandler, BillHandler] });
  deadLetters = new DeadLetters(fixture.database);
});

beforeEach(async () => {
  isBroken = true;
  isCareless = false;
  redis = await RedisServer.start();
  web = await fixture.web(redis.url);
});

afterEach(async () => {
  await fixture.reset();
  await redis.stop();
});

afterAll(() => fixture?.stop());

const dead = (count: number) => fixture.until(async () => (await deadLetters.list()).length === count);

async function failed(count: number): Promise<string[]> {
  const texts = Array.from({ length: count }, (_, at) => ({ text: String(at) }));
  const placed = await web.queue('mails').addBulk(mail, texts);
  await dead(count);
  return placed.map(({ id }) => id);
}

it('records a job that failed at every attempt, with its payload and why, and tells of it', async () => {
  const told: unknown[] = [];
  const tell = (event: unknown) => void told.push(event);
  subscribe('trivet:queue:dead', tell);
  await fixture.worker(redis.url);
  const [id] = await failed(1);
  unsubscribe('trivet:queue:dead', tell);
  expect(await deadLetters.list()).toMatchObject([
    { id, queue: 'mails', job: 'mail', version: 1, payload: { text: '0' }, reason: 'failed', attempts: 2 },
  ]);
  expect((await deadLetters.list())[0]?.error).toContain('the mail server says no');
  expect(told).toEqual([{ queue: 'mails', job: 'mail', reason: 'failed' }]);
  expect(await fixture.effects()).toEqual(new Map());
});

it('redrives a job with the same id and all its attempts', async () => {
  await fixture.worker(redis.url);
  const ids = await failed(2);
  isBroken = false;
  expect(await deadLetters.redrive({ ids: ids.slice(0, 1) })).toBe(1);
  await fixture.done(ids.slice(0, 1));
  expect((await deadLetters.list()).map(({ id }) => id)).toEqual(ids.slice(1));
});

it('counts in a dry run, and changes nothing', async () => {
  await fixture.worker(redis.url);
  await failed(3);
  expect(await deadLetters.redrive({ job: 'mail' }, { dryRun: true })).toBe(3);
  expect(await deadLetters.redrive({ job: 'mail' }, { dryRun: true, limit: 2 })).toBe(2);
  expect(await deadLetters.redrive({ job: 'other' }, { dryRun: true })).toBe(0);
  expect(await deadLetters.counts()).toEqual([{ queue: 'mails', job: 'mail', reason: 'failed', count: 3 }]);
});

it('spreads a redrive over time', async () => {
  const worker = await fixture.worker(redis.url);
  await failed(4);
  await worker.app.close();
  expect(await deadLetters.redrive({}, { perSecond: 2 })).toBe(4);
  const { rows } = await fixture.database.execute<{ spread: string }>(
    sql`select extract(epoch from max(run_at) - min(run_at)) as spread from queue.outbox`,
  );
  expect(Number(rows[0]?.spread)).toBeCloseTo(1.5);
});

it('refuses a rate that is no rate', async () => {
  await expect(deadLetters.redrive({}, { perSecond: 0 })).rejects.toThrow(
    'Redrive: expected `perSecond` to be positive, got `0`.',
  );
});

it('throws away what it is told to, and finds by every field', async () => {
  await fixture.worker(redis.url);
  const [id = ''] = await failed(2);
  const now = new Date();
  expect(await deadLetters.list({ diedBefore: new Date(0) })).toEqual([]);
  expect(
    await deadLetters.list({ diedAfter: new Date(now.getTime() - 60_000), reason: 'failed', queue: 'mails' }),
  ).toHaveLength(2);
  expect(await deadLetters.discard({ ids: [id] })).toBe(1);
  expect(await deadLetters.list({}, 1)).toHaveLength(1);
});

it('makes a dead letter of a job that fails while Redis is away, after as many attempts', async () => {
  const worker = await fixture.worker(redis.url);
  await redis.kill();
  await Promise.all([web.gone(), worker.gone()]);
  const { id } = await web.queue('mails').add(mail, { text: 'a' });
  await dead(1);
  expect(await deadLetters.list()).toMatchObject([{ id, reason: 'failed', attempts: 2 }]);
});

it('takes no job for done whose effect PostgreSQL undid because its handler caught an error', async () => {
  isBroken = false;
  isCareless = true;
  await fixture.worker(redis.url);
  const [id = ''] = await failed(1);
  expect(await deadLetters.list()).toMatchObject([
    { id, reason: 'failed', error: expect.stringContaining('a statement in it had failed') },
  ]);
});

it('sets a row aside that Redis takes no part of, and sends the others', async () => {
  isBroken = false;
  await redis.command('SET', 'bull:mails:poison', 'not a job');
  await fixture.database.execute(sql`
    insert into queue.outbox (id, queue, job, version, payload, bytes, attempts)
    values ('poison', 'mails', 'bill', 1, '{"text":"a"}', 12, 4)`);
  const { id } = await fixture.database.transaction((tx) =>
    web.queue('mails').add(bill, { text: 'b' }, { tx }),
  );
  await fixture.worker(redis.url);
  await fixture.done([id]);
  await dead(1);
  expect(await deadLetters.list()).toMatchObject([{ id: 'poison', reason: 'poison' }]);
});

it('gives up on what has been due for too long, and keeps it', async () => {
  await fixture.database.execute(sql`
    insert into queue.outbox (id, queue, job, version, payload, bytes, run_at)
    values ('forgotten', 'nobodys', 'job', 1, '{}', 2, now() - interval '2 hours')`);
  await fixture.worker(redis.url, { outboxMaxAgeHours: 1 });
  await dead(1);
  expect(await deadLetters.list()).toMatchObject([{ id: 'forgotten', queue: 'nobodys', reason: 'too-old' }]);
});
