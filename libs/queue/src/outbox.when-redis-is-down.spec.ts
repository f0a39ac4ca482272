import { Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { faults, FaultTarget, RedisServer } from '@trivet/fault-kit';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineJob } from './jobs/job.js';
import { EffectHandler, QueueFixture } from './queue.fixture.js';

const payload = z.object({ text: z.string() });
const mail = defineJob({ name: 'mail', queue: 'mails', payload });
const bill = defineJob({ name: 'bill', queue: 'mails', payload, durability: 'transactional' });

@Injectable()
class MailHandler extends EffectHandler {
  readonly job = mail;
}

@Injectable()
class BillHandler extends EffectHandler {
  readonly job = bill;
}

let fixture: QueueFixture;
let redis: RedisServer;

beforeAll(async () => {
  fixture = await QueueFixture.start({ jobs: [mail, bill], handlers: [MailHandler, BillHandler] });
});

beforeEach(async () => {
  redis = await RedisServer.start();
});

afterEach(async () => {
  await fixture.reset();
  await redis.stop();
});

afterAll(() => fixture?.stop());

async function adder() {
  const web = await fixture.web(redis.url);
  return { web, add: (text: string) => web.queue('mails').add(mail, { text }) };
}

it('keeps jobs in the outbox and sends them when Redis is back', async () => {
  const { web, add } = await adder();
  await redis.kill();
  await web.gone();
  const placed = await Promise.all(['a', 'b', 'c'].map(add));
  expect(placed.map(({ placed }) => placed)).toEqual(['outbox', 'outbox', 'outbox']);
  expect(await fixture.outbox()).toEqual({ waiting: 3, sent: 0 });
  await redis.start();
  await fixture.worker(redis.url);
  await fixture.done(placed.map(({ id }) => id));
  expect([...(await fixture.effects()).values()]).toEqual([1, 1, 1]);
});

it('runs jobs from the outbox while Redis is away', async () => {
  const { web, add } = await adder();
  const worker = await fixture.worker(redis.url);
  await redis.kill();
  await Promise.all([web.gone(), worker.gone()]);
  const placed = await Promise.all(['a', 'b', 'c'].map(add));
  await fixture.done(placed.map(({ id }) => id));
  await fixture.until(async () => (await fixture.outbox()).waiting === 0);
});

it('makes a transactional job real with its transaction, and no sooner', async () => {
  const web = await fixture.web(redis.url);
  await fixture.worker(redis.url);
  const [{ id, placed }, early] = await fixture.database.transaction(async (tx) => {
    const job = await web.queue('mails').add(bill, { text: 'a' }, { tx });
    await tx.execute(sql`select pg_sleep(0.5)`);
    return [job, await fixture.effects()] as const;
  });
  expect(placed).toBe('outbox');
  expect(early.has(id)).toBe(false);
  await fixture.done([id]);
});

it('leaves nothing of a transaction that is rolled back', async () => {
  const web = await fixture.web(redis.url);
  const rolledBack = fixture.database.transaction(async (tx) => {
    await web.queue('mails').add(bill, { text: 'a' }, { tx });
    throw new Error('second thoughts');
  });
  await expect(rolledBack).rejects.toThrow('second thoughts');
  expect(await fixture.outbox()).toEqual({ waiting: 0, sent: 0 });
});

it('removes a row when its job is done', async () => {
  const web = await fixture.web(redis.url);
  await fixture.worker(redis.url);
  const { id } = await fixture.database.transaction((tx) =>
    web.queue('mails').add(bill, { text: 'a' }, { tx }),
  );
  await fixture.done([id]);
  await fixture.until(async () => {
    const { waiting, sent } = await fixture.outbox();
    return waiting + sent === 0;
  });
});

it('honours a delay on every way', async () => {
  const { web, add } = await adder();
  const worker = await fixture.worker(redis.url);
  await add('warm');
  const inRedis = await web.queue('mails').add(mail, { text: 'a' }, { delayMs: 700 });
  const relayed = await fixture.database.transaction((tx) =>
    web.queue('mails').add(bill, { text: 'b' }, { tx, delayMs: 700 }),
  );
  await fixture.done([inRedis.id, relayed.id]);
  await redis.kill();
  await Promise.all([web.gone(), worker.gone()]);
  const direct = await web.queue('mails').add(mail, { text: 'c' }, { delayMs: 700 });
  await fixture.done([direct.id]);
  const { rows } = await fixture.database.execute<{ early: string }>(sql`
    select count(*) as early from effects join queue.done_jobs on id = job_id
    where job_id = any(${sql.param([inRedis.id, relayed.id, direct.id])}::text[])
      and at < to_timestamp(('x' || left(replace(job_id, '-', ''), 12))::bit(48)::bigint / 1000.0) + interval '690 milliseconds'`);
  expect(Number(rows[0]?.early)).toBe(0);
});

it('runs jobs of which Redis took a part', async () => {
  const { web, add } = await adder();
  await fixture.worker(redis.url);
  await fixture.done([(await add('warm')).id]);
  const behind = await FaultTarget.of(redis);
  const undo = await faults.wrongType.apply(behind);
  await behind.proxy.close();
  const placed = await add('added to a queue that is not one');
  const relayed = await fixture.database.transaction((tx) =>
    web.queue('mails').add(bill, { text: 'sent to a queue that is not one' }, { tx }),
  );
  await fixture.until(async () => {
    const { rows } = await fixture.database.execute(sql`select 1 from queue.outbox where attempts > 0`);
    return rows.length === 2;
  });
  await undo();
  await fixture.done([placed.id, relayed.id]);
  expect(placed.placed).toBe('outbox');
});

it('does not take a part of a job, which its own bulk has left, for the job', async () => {
  const web = await fixture.web(redis.url);
  await redis.command('SET', 'bull:mails:wait', 'not a list');
  const { id } = await fixture.database.transaction((tx) =>
    web.queue('mails').add(bill, { text: 'a' }, { tx }),
  );
  await fixture.worker(redis.url);
  await fixture.until(async () => {
    const { rows } = await fixture.database.execute(sql`select 1 from queue.outbox where attempts > 0`);
    return rows.length === 1;
  });
  await redis.command('DEL', 'bull:mails:wait');
  await fixture.done([id]);
});
