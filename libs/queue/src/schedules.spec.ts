import { Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { Queue } from 'bullmq';
import { z } from 'zod';
import { defineJob } from './jobs/job.js';
import { defineSchedule } from './jobs/schedule.js';
import { EffectHandler, QueueFixture } from './queue.fixture.js';

const digest = defineJob({ name: 'digest', queue: 'mails', payload: z.object({ text: z.string() }) });

@Injectable()
class Handler extends EffectHandler {
  readonly job = digest;
}

const payload = { text: 'a' };
const often = defineSchedule({ name: 'often', job: digest, payload, everyMs: 1000 });
const weekly = defineSchedule({
  name: 'weekly',
  job: digest,
  payload,
  cron: '0 7 * * 1',
  timeZone: 'Europe/Paris',
});

let fixture: QueueFixture;
let redis: RedisServer;
let queue: Queue;

beforeAll(async () => {
  fixture = await QueueFixture.start({ jobs: [digest], handlers: [Handler] });
});

beforeEach(async () => {
  redis = await RedisServer.start();
  queue = new Queue('mails', { connection: { host: redis.host, port: redis.port } });
});

afterEach(async () => {
  await queue.close();
  await fixture.reset();
  await redis.stop();
});

afterAll(() => fixture?.stop());

const names = async () => (await queue.getJobSchedulers()).map(({ key }) => key);
const schedulersAre = (wanted: string[]) =>
  fixture.until(async () => JSON.stringify((await names()).sort()) === JSON.stringify(wanted));
const runs = async () => (await fixture.effects()).size;

it('runs what the code schedules, each time once', async () => {
  await Promise.all([
    fixture.worker(redis.url, { schedules: [often] }),
    fixture.worker(redis.url, { schedules: [often] }),
  ]);
  await fixture.until(async () => (await runs()) >= 2);
  expect(new Set((await fixture.effects()).values())).toEqual(new Set([1]));
});

it('makes the schedules of Redis those of the code, and leaves others alone', async () => {
  await queue.upsertJobScheduler('code.old', { every: 60_000 }, { name: 'digest', data: {} });
  await queue.upsertJobScheduler('somebody-elses', { every: 60_000 }, { name: 'digest', data: {} });
  await fixture.worker(redis.url, { schedules: [weekly] });
  await schedulersAre(['code.weekly', 'somebody-elses']);
  expect(await queue.getJobScheduler('code.weekly')).toMatchObject({
    pattern: '0 7 * * 1',
    tz: 'Europe/Paris',
  });
});

it('takes over a changed schedule, and does not touch one that is as it should be', async () => {
  const first = await fixture.worker(redis.url, { schedules: [weekly] });
  await schedulersAre(['code.weekly']);
  const [before] = await queue.getJobSchedulers();
  await first.app.close();
  const changed = defineSchedule({ ...weekly, cron: '0 8 * * 1' });
  await fixture.worker(redis.url, { schedules: [changed] });
  await fixture.until(async () => (await queue.getJobScheduler('code.weekly'))?.pattern === '0 8 * * 1');
  expect((await queue.getJobScheduler('code.weekly'))?.next).not.toBe(before?.next);
});

it('is scheduled again soon after a FLUSHALL', async () => {
  const worker = await fixture.worker(redis.url, { schedules: [often] });
  await fixture.until(async () => (await runs()) >= 1);
  await redis.command('FLUSHALL');
  await worker.whole();
  const before = await runs();
  await fixture.until(async () => (await runs()) >= before + 2);
});

it.each([
  [{ name: 'a b', everyMs: 1000 }, /its `name` may hold/],
  [{ name: 'a' }, /give either `cron` or `everyMs`/],
  [{ name: 'a', everyMs: 1000, cron: '* * * * *' }, /give either/],
  [{ name: 'a', everyMs: 10 }, /`everyMs` to be a whole number of at least 1000, got `10`/],
  [{ name: 'a', cron: 'whenever' }, /`cron` or `timeZone`/],
  [{ name: 'a', cron: '* * * * *', timeZone: 'Atlantis/Sunken' }, /`cron` or `timeZone`/],
])('refuses %j', (timing, message) => {
  expect(() => defineSchedule({ job: digest, payload, ...timing })).toThrow(message);
});
