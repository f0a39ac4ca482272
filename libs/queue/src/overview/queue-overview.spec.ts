import { getQueueToken } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import type { Queue } from 'bullmq';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineJob } from '../jobs/job.js';
import { defineSchedule } from '../jobs/schedule.js';
import { EffectHandler, QueueFixture, type QueueProcess } from '../queue.fixture.js';
import { QueueOverview } from './queue-overview.js';

const mail = defineJob({ name: 'mail', queue: 'mails', payload: z.object({ text: z.string() }) });
const digest = defineSchedule({ name: 'nightly', job: mail, payload: { text: 'digest' }, cron: '0 3 * * *' });

@Injectable()
class MailHandler extends EffectHandler {
  readonly job = mail;
}

let fixture: QueueFixture;
let redis: RedisServer;
let web: QueueProcess;
let overview: QueueOverview;

beforeAll(async () => {
  fixture = await QueueFixture.start({ jobs: [mail], handlers: [MailHandler] });
});

beforeEach(async () => {
  redis = await RedisServer.start();
  web = await fixture.web(redis.url);
  const queue = web.app.get<Queue>(getQueueToken('mails'), { strict: false });
  overview = new QueueOverview(web.redis, fixture.database, [queue]);
});

afterEach(async () => {
  await fixture.reset();
  await redis.stop();
});

afterAll(() => fixture?.stop());

it('tells what Redis holds, what waits in PostgreSQL, and what Redis has taken from there', async () => {
  await web.queue('mails').add(mail, { text: 'in Redis' });
  const inOutbox = ['waits', 'waits too', 'sent'].map((text) =>
    fixture.database.transaction((tx) => web.queue('mails').add(mail, { text }, { tx })),
  );
  const [, , sent] = await Promise.all(inOutbox);
  await fixture.database.execute(sql`update queue.outbox set sent_at = now() where id = ${sent?.id}`);
  const [standing] = await overview.read();
  expect(standing).toMatchObject({
    queue: 'mails',
    counts: { waiting: 1, active: 0, failed: 0 },
    outbox: { rows: 2 },
    underWay: 1,
    schedules: [],
  });
});

it('tells the schedules that workers have made', async () => {
  const worker = await fixture.worker(redis.url, { schedules: [digest] });
  await worker.whole();
  await fixture.until(async () => (await overview.read())[0]?.schedules?.length === 1);
  const [standing] = await overview.read();
  expect(standing?.schedules).toEqual([
    expect.objectContaining({
      ...{ name: 'nightly', job: 'mail', cron: '0 3 * * *' },
      next: expect.any(Date),
    }),
  ]);
});

it('tells what PostgreSQL knows while Redis is away', async () => {
  await redis.kill();
  await web.gone();
  await web.queue('mails').add(mail, { text: 'waits' });
  expect(await overview.read()).toEqual([
    expect.objectContaining({
      counts: undefined,
      schedules: undefined,
      outbox: expect.objectContaining({ rows: 1 }),
    }),
  ]);
});
