import { Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { RedisServer, SentinelCluster } from '@trivet/fault-kit';
import { z } from 'zod';
import { defineJob } from './jobs/job.js';
import { EffectHandler, QueueFixture, type QueueProcess } from './queue.fixture.js';

const payload = z.object({ text: z.string() });
const careful = defineJob({ name: 'careful', queue: 'mails', payload, durability: 'replicated' });
const bill = defineJob({ name: 'bill', queue: 'mails', payload, durability: 'transactional' });

@Injectable()
class CarefulHandler extends EffectHandler {
  readonly job = careful;
}

@Injectable()
class BillHandler extends EffectHandler {
  readonly job = bill;
}

let fixture: QueueFixture;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  fixture = await QueueFixture.start({ jobs: [careful, bill], handlers: [CarefulHandler, BillHandler] });
});

afterEach(async () => {
  await fixture.reset();
  for (const end of ends.splice(0)) await end();
});

afterAll(() => fixture?.stop());

const texts = (count: number) => Array.from({ length: count }, (_, at) => ({ text: String(at) }));
const replicated = (web: QueueProcess, count: number) =>
  Promise.all(texts(count).map((text) => web.queue('mails').add(careful, text)));
const transactional = (web: QueueProcess, count: number) =>
  fixture.database.transaction((tx) => web.queue('mails').addBulk(bill, texts(count), { tx }));

it('acknowledges a replicated job from Redis only when a replica has it', async () => {
  const cluster = await SentinelCluster.start();
  ends.push(() => cluster.stop());
  const web = await fixture.web(cluster.url);
  await fixture.until(async () => (await replicated(web, 1))[0]?.placed === 'queue');
  const before = await fixture.outbox();
  await cluster.cutReplication();
  const placed = await replicated(web, 5);
  expect(new Set(placed.map((job) => job.placed))).toEqual(new Set(['outbox']));
  expect((await fixture.outbox()).waiting).toBe(before.waiting + 5);
});

it('sends a replicated job straight to the outbox where there is no replica', async () => {
  const redis = await RedisServer.start();
  ends.push(() => redis.stop());
  const web = await fixture.web(redis.url);
  const placed = await replicated(web, 2);
  expect(placed.map((job) => job.placed)).toEqual(['outbox', 'outbox']);
  expect(await redis.command('EXISTS', 'bull:mails:wait')).toBe(0);
});

it('runs every replicated and transactional job through a failover that loses what Redis acknowledged', async () => {
  const cluster = await SentinelCluster.start({ replicas: 1 });
  ends.push(() => cluster.stop());
  const web = await fixture.web(cluster.url);
  await fixture.until(async () => (await replicated(web, 1))[0]?.placed === 'queue');
  const confirmed = await replicated(web, 10);
  // Whoever runs jobs comes later: what is lost is lost while it waits in Redis.
  const relay = await fixture.worker(cluster.url, { concurrency: 1 });
  await cluster.cutReplication();
  const lost = await transactional(web, 20);
  const unconfirmed = await replicated(web, 10);
  await fixture.until(async () => (await fixture.outbox()).waiting === 0);
  await cluster.failover();
  await relay.whole();
  await fixture.done([...confirmed, ...lost, ...unconfirmed].map(({ id }) => id));
  expect(new Set((await fixture.effects()).values())).toEqual(new Set([1]));
}, 60_000);

it('adds again what a restart without a file has lost', async () => {
  const redis = await RedisServer.start();
  ends.push(() => redis.stop());
  const web = await fixture.web(redis.url);
  const worker = await fixture.worker(redis.url);
  const before = await transactional(web, 3);
  await fixture.done(before.map(({ id }) => id));
  const lost = await transactional(web, 3);
  await redis.kill();
  await worker.gone();
  await redis.start();
  await fixture.done(lost.map(({ id }) => id));
});
