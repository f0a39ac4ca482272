import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { bullOptions } from './bull-options.js';
import { addJobs, optionsJson, type BulkJob } from './bulk-script.js';
import { defineJob } from './job.js';

const mail = defineJob({ name: 'mail', queue: 'mails', payload: z.object({ text: z.string() }) });
const envelope = (text: string) => ({ version: 1, payload: { text } });

let server: RedisServer;
let redis: Redis;
let queue: Queue;

beforeAll(async () => {
  server = await RedisServer.start();
  redis = new Redis(server.url, { maxRetriesPerRequest: null });
  queue = new Queue('mails', { connection: redis, skipMetasUpdate: true });
});

afterEach(() => redis.flushall());

afterAll(async () => {
  await queue?.close();
  redis?.disconnect();
  await server?.stop();
});

const bulkJob = (id: string, text = 'snow \u2603 \u0000'): BulkJob => ({
  id,
  name: mail.name,
  options: optionsJson(mail),
  data: JSON.stringify(envelope(text)),
});

/** Everything that Redis holds, but for the times at which it came. */
async function contents(): Promise<unknown> {
  const { timestamp, opts, ...job } = await redis.hgetall('bull:mails:a');
  const events = await redis.xrange('bull:mails:events', '-', '+');
  return {
    keys: (await redis.keys('*')).sort(),
    job: { ...job, timestamp: /^\d{13}$/.test(timestamp ?? ''), opts: JSON.parse(opts ?? '') as unknown },
    waiting: await redis.lrange('bull:mails:wait', 0, -1),
    marker: await redis.zrange('bull:mails:marker', '0', '-1', 'WITHSCORES'),
    count: await redis.get('bull:mails:id'),
    meta: await redis.hgetall('bull:mails:meta'),
    events: events.map(([, fields]) => fields),
  };
}

it('leaves in Redis what BullMQ’s own addBulk leaves there', async () => {
  const ids = ['a', 'b', 'a'];
  const data = envelope('snow \u2603 \u0000');
  await queue.addBulk(ids.map((jobId) => ({ name: 'mail', data, opts: { ...bullOptions(mail), jobId } })));
  const theirs = await contents();
  await redis.flushall();
  await addJobs(
    queue,
    ids.map((id) => bulkJob(id)),
  );
  expect(await contents()).toEqual(theirs);
});

it('takes any number, and keeps their order within a call', async () => {
  const ids = Array.from({ length: 120 }, (_, at) => `j${at}`);
  await addJobs(
    queue,
    ids.map((id) => bulkJob(id)),
  );
  expect((await queue.getWaiting()).map(({ id }) => id)).toEqual(ids);
  expect((await queue.getJob('j119'))?.data).toEqual(envelope('snow \u2603 \u0000'));
});

it('gives each job its own options', async () => {
  const few = (id: string, attempts: number) => ({ ...bulkJob(id), options: JSON.stringify({ attempts }) });
  await addJobs(queue, [few('a', 5), few('b', 5), few('c', 2)]);
  const jobs = await Promise.all(['a', 'b', 'c'].map((id) => queue.getJob(id)));
  expect(jobs.map((job) => [job?.opts.attempts, job?.opts.jobId])).toEqual([
    [5, 'a'],
    [5, 'b'],
    [2, 'c'],
  ]);
});

it('sends its script again to a server that has forgotten it', async () => {
  await addJobs(queue, [bulkJob('a')]);
  await redis.script('FLUSH');
  await addJobs(queue, [bulkJob('b')]);
  expect(await queue.getWaitingCount()).toBe(2);
});

it('fails with what Redis says of a job, and leaves those before it', async () => {
  await redis.set('bull:mails:b', 'not a job');
  const adding = addJobs(
    queue,
    ['a', 'b', 'c'].map((id) => bulkJob(id)),
  );
  await expect(adding).rejects.toThrow('WRONGTYPE');
  expect((await queue.getWaiting()).map(({ id }) => id)).toEqual(['a']);
});
