import { getQueueToken, InjectQueue } from '@nestjs/bullmq';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { sql } from 'drizzle-orm';
import type { Queue } from 'bullmq';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import { carried, carry, type Carried } from './jobs/carried.js';
import { defineJob, type JobContext } from './jobs/job.js';
import { EffectHandler, QueueFixture, type QueueProcess } from './queue.fixture.js';
import { QueueModule } from './queue.module.js';

const mail = defineJob({
  name: 'mail',
  queue: 'mails',
  payload: z.object({ text: z.string() }),
  version: 2,
  upcasters: { 1: (old) => ({ text: old }) },
});

const seen: (Carried | undefined)[] = [];

@Injectable()
class MailHandler extends EffectHandler {
  readonly job = mail;

  override async handle(payload: { text: string }, context: JobContext): Promise<void> {
    seen.push(carried());
    if (payload.text === 'for ever') await new Promise(() => undefined);
    await super.handle(payload, context);
  }
}

let fixture: QueueFixture;
let redis: RedisServer;
let web: QueueProcess;

beforeAll(async () => {
  fixture = await QueueFixture.start({ jobs: [mail], handlers: [MailHandler] });
});

beforeEach(async () => {
  seen.length = 0;
  redis = await RedisServer.start();
  web = await fixture.web(redis.url);
});

afterEach(async () => {
  await fixture.reset();
  await redis.stop();
});

afterAll(() => fixture?.stop());

const add = (text: string) => web.queue('mails').add(mail, { text });

it('neither spins nor stops for good when Redis refuses what a worker asks and nothing else', async () => {
  await fixture.worker(redis.url);
  const { id: before } = await add('before');
  await fixture.done([before]);
  // The probe finds nothing wrong: only scripts are refused.
  await redis.command('ACL', 'SETUSER', 'default', '-evalsha', '-eval', '-bzpopmin');
  const errorsBefore = Number(/rejected_calls=(\d+)/.exec(await stats('bzpopmin'))?.[1] ?? 0);
  const lag = monitorEventLoopDelay();
  lag.enable();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  lag.disable();
  const rejected = Number(/rejected_calls=(\d+)/.exec(await stats('bzpopmin'))?.[1] ?? 0) - errorsBefore;
  expect(rejected).toBeLessThan(500);
  expect(lag.max / 1e6).toBeLessThan(2000);
  await redis.command('ACL', 'SETUSER', 'default', '+evalsha', '+eval', '+bzpopmin');
  await fixture.until(async () => (await add('after')).placed === 'queue');
  await fixture.until(async () => (await fixture.effects()).size > 1);
});

it('keeps its event loop alive when Redis dies under a worker and a queue of one name', async () => {
  const worker = await fixture.worker(redis.url);
  // What freezes is a worker with the connection of this queue, which never waits.
  expect(worker.app.get<Queue>(getQueueToken('mails'), { strict: false }).opts.connection).toMatchObject({
    options: { enableOfflineQueue: false },
  });
  const lag = monitorEventLoopDelay();
  lag.enable();
  await redis.kill();
  await worker.gone();
  await new Promise((resolve) => setTimeout(resolve, 500));
  lag.disable();
  expect(lag.max / 1e6).toBeLessThan(2000);
});

const stats = async (command: string) => {
  const all = String(await redis.command('INFO', 'commandstats'));
  return all.split('\n').find((line) => line.startsWith(`cmdstat_${command}:`)) ?? '';
};

it('leaves a job of a newer version to a newer process, without a try', async () => {
  await fixture.database.execute(sql`
    insert into queue.outbox (id, queue, job, version, payload, bytes) values
      ('from-tomorrow', 'mails', 'mail', 3, '{}', 2), ('from-yesterday', 'mails', 'mail', 1, '"old"', 5)`);
  await fixture.worker(redis.url);
  await fixture.done(['from-yesterday']);
  await fixture.until(async () => (await redis.command('ZCARD', 'bull:mails:delayed')) === 1);
  expect(await redis.command('HGET', 'bull:mails:from-tomorrow', 'atm')).toBeNull();
});

it('brings trace and user to the handler on every way', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const worker = await fixture.worker(redis.url);
  const byRedis = await carry({ traceparent, user: 'u1' }, () => add('a'));
  await fixture.done([byRedis.id]);
  await redis.kill();
  await Promise.all([web.gone(), worker.gone()]);
  const byOutbox = await carry({ traceparent, user: 'u2' }, () => add('b'));
  await fixture.done([byOutbox.id]);
  const plain = await add('c');
  await fixture.done([plain.id]);
  expect([byRedis.placed, byOutbox.placed]).toEqual(['queue', 'outbox']);
  const child: unknown = expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)/);
  expect(seen).toEqual([{ user: 'u1', traceparent: child }, { user: 'u2', traceparent: child }, undefined]);
});

it('closes although a handler ignores its signal, and leaves the job to others', async () => {
  const { app } = await fixture.worker(redis.url);
  await add('for ever');
  await fixture.until(async () => seen.length === 1);
  await app.close();
  expect(await redis.command('LLEN', 'bull:mails:active')).toBe(1);
});

@Injectable()
class QueueReader {
  constructor(@InjectQueue('mails') readonly queue: Queue) {}
}

describe('a process without a database', () => {
  const boot = (job: typeof mail) => {
    @Module({
      imports: [QueueModule.forRoot({ redis: { url: redis.url }, jobs: [job], handlers: [] })],
      providers: [QueueReader],
    })
    class App {}
    return NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
  };

  it('does not boot with a job for the outbox, and says what to set', async () => {
    await expect(boot(mail)).rejects.toThrow(
      /Job mail: .*there is no database\. Import DatabaseModule\.forRoot\(\{ url \}\).*`onOutage: 'reject'`/,
    );
  });

  it('boots with jobs that may be refused', async () => {
    const app = await boot(defineJob({ ...mail, onOutage: 'reject' }));
    const { queue } = app.get(QueueReader);
    expect(queue.name).toBe('mails');
    await app.close();
    expect(app).toHaveProperty('close');
  });
});
