import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import fc from 'fast-check';
import { z } from 'zod';
import { defineJob } from './jobs/job.js';
import { EffectHandler, QueueFixture, type QueueProcess } from './queue.fixture.js';

const job = defineJob({
  name: 'mail',
  queue: 'mails',
  payload: z.object({ text: z.string() }),
  backoffMs: 10,
});

@Injectable()
class Handler extends EffectHandler {
  readonly job = job;
}

/** `TRIVET_HAND_OVERS=10000` for the long run. */
const handOvers = Number(process.env['TRIVET_HAND_OVERS'] ?? 500);
const jobsPerRun = 25;

let fixture: QueueFixture;
let redis: RedisServer;
let web: QueueProcess;

beforeAll(async () => {
  fixture = await QueueFixture.start({ jobs: [job], handlers: [Handler] });
  redis = await RedisServer.start({ appendOnly: true });
  web = await fixture.web(redis.url);
  // Two workers: what one hands over the other may have already.
  await Promise.all([fixture.worker(redis.url), fixture.worker(redis.url)]);
});

beforeEach(() => redis.start());

afterAll(async () => {
  await fixture?.stop();
  await redis?.stop();
});

/** What happens to Redis while jobs go from lane to lane. */
const happening = fc.constantFrom('kill', 'start', 'hang', 'resume', 'flush', 'pause');
const happenings = fc.array(happening, { minLength: 2, maxLength: 6 });

async function happen(what: 'kill' | 'start' | 'hang' | 'resume' | 'flush' | 'pause'): Promise<void> {
  switch (what) {
    case 'kill':
      return redis.kill();
    case 'start':
      return redis.start();
    case 'hang':
      return void (redis.isUp && redis.hang());
    case 'resume':
      return void (redis.isUp && redis.resume());
    case 'flush':
      return redis.isUp
        ? void (await Promise.race([redis.command('FLUSHALL'), pause(50)]).catch(() => undefined))
        : undefined;
    case 'pause':
      return pause(30);
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

it(
  `makes every effect once through ${handOvers} hand-overs between the lanes`,
  async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (story) => {
        const adding = Array.from({ length: jobsPerRun }, async (_, at) => {
          await pause(at * 8);
          // In the outbox and on its way to Redis at the same time: each job is a race from the start.
          return web.queue('mails').add(job, { text: String(at) });
        });
        for (const what of story) await happen(what);
        redis.resume();
        await redis.start();
        const placed = await Promise.all(adding);
        const acknowledgedByRedisOnly = new Set(
          placed.filter((p) => p.placed === 'queue').map(({ id }) => id),
        );
        const kept = placed.filter(({ id }) => !acknowledgedByRedisOnly.has(id)).map(({ id }) => id);
        await fixture.done(kept);
        expect([...(await fixture.effects()).values()].filter((times) => times !== 1)).toEqual([]);
      }),
      { numRuns: Math.ceil(handOvers / jobsPerRun), endOnFailure: true },
    );
  },
  60_000 + handOvers * 200,
);
