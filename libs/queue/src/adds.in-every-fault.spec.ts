import { Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { faults, FaultTarget, RedisServer } from '@trivet/fault-kit';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineJob } from './jobs/job.js';
import { EffectHandler, QueueFixture, type QueueProcess } from './queue.fixture.js';

const payload = z.object({ text: z.string() });
const mail = defineJob({ name: 'mail', queue: 'mails', payload });
const strict = defineJob({ name: 'strict', queue: 'mails', payload, onOutage: 'reject' });

@Injectable()
class Handler extends EffectHandler {
  readonly job = mail;
}

const twelve = [
  'refused',
  'hung',
  'blackHole',
  'slow',
  'halfOpen',
  'reset',
  'garbage',
  'readOnly',
  'outOfMemory',
  'noReplicas',
  'loading',
  'noAuth',
] as const;

/** Milliseconds: tells an answer from a hang. What an answer may cost is the chaos table's matter. */
const notAtAHang = 5000;
const bounds = { addDeadlineMs: 1000, bootWaitMs: 300 };

let fixture: QueueFixture;
const ends: (() => Promise<unknown> | void)[] = [];
const unhandled: unknown[] = [];
const notice = (reason: unknown) => void unhandled.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', notice);
  fixture = await QueueFixture.start({ jobs: [mail, strict], handlers: [Handler] });
});

afterEach(async () => {
  const startedAt = performance.now();
  await fixture.reset();
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  for (const end of ends.splice(0).reverse()) await end();
});

afterAll(async () => {
  process.off('unhandledRejection', notice);
  await fixture?.stop();
});

async function target(topology?: 'tls'): Promise<FaultTarget> {
  const started = await FaultTarget.start(topology);
  ends.push(() => started.stop());
  return started;
}

/** Adds one after the other; each has to settle in time, and to be kept. @returns where they went */
async function addSome(web: QueueProcess, count = 6): Promise<string[]> {
  const lanes: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const startedAt = performance.now();
    const { placed } = await web.queue('mails').add(mail, { text: String(at) });
    expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
    lanes.push(placed);
  }
  return lanes;
}

async function recovers(web: QueueProcess): Promise<void> {
  await web.whole();
  await fixture.until(async () => (await addSome(web, 1))[0] === 'queue');
}

describe.each(twelve)('the fault %s', (name) => {
  it('in mid-run: every add is kept, in time, and Redis takes them again after', async () => {
    const behind = await target();
    const web = await fixture.web(behind.url, bounds);
    await recovers(web);
    const undo = await faults[name].apply(behind);
    const lanes = await addSome(web);
    expect(lanes.every((lane) => lane === 'queue' || lane === 'outbox')).toBe(true);
    await undo();
    await recovers(web);
    expect(unhandled).toEqual([]);
  });

  it('at boot: the process starts, keeps every add, and Redis takes them after', async () => {
    const behind = await target();
    const undo = await faults[name].apply(behind);
    const startedAt = performance.now();
    const web = await fixture.web(behind.url, bounds);
    expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
    await addSome(web);
    await undo();
    await recovers(web);
    expect(unhandled).toEqual([]);
  });
});

it('keeps every add while the certificate of Redis cannot be trusted', async () => {
  const behind = await target('tls');
  const web = await fixture.web(behind.url, bounds);
  expect(new Set(await addSome(web))).toEqual(new Set(['outbox']));
});

it('refuses in time, and says so, while Redis and PostgreSQL are both away', async () => {
  const redis = await RedisServer.start();
  ends.push(() => redis.stop());
  const web = await fixture.web(redis.url, bounds);
  await redis.kill();
  await web.gone();
  await addSome(web, 1);
  const { rows } = await fixture.database.execute<{ pid: number }>(
    sql`select pid from pg_stat_activity where backend_type = 'client backend'`,
  );
  const pids = [fixture.postgres.pid, ...rows.map(({ pid }) => pid)];
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    const startedAt = performance.now();
    const add = () => web.queue('mails').add(mail, { text: 'a' });
    const adds = await Promise.allSettled(Array.from({ length: 50 }, add));
    expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
    for (const settled of adds) {
      expect(settled).toMatchObject({ reason: { code: 'OUTBOX_UNAVAILABLE', reason: 'no-answer' } });
    }
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
});

it("refuses a job with `onOutage: 'reject'` for the reason that Redis gave", async () => {
  const redis = await RedisServer.start();
  ends.push(() => redis.stop());
  const web = await fixture.web(redis.url, bounds);
  await redis.kill();
  await web.gone();
  await expect(web.queue('mails').add(strict, { text: 'a' })).rejects.toMatchObject({
    code: 'REDIS_UNAVAILABLE',
  });
});
