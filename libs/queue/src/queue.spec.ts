import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, DatabaseModule, runMigrations } from '@trivet/database';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { RedisServer } from '@trivet/fault-kit';
import { getRedisToken, type BreakerState, type GuardedRedis } from '@trivet/redis';
import { sql } from 'drizzle-orm';
import { EventEmitter, once } from 'node:events';
import { z } from 'zod';
import type { DurableQueue } from './adding/durable-queue.js';
import { defineJob, JobHandler, type JobContext } from './jobs/job.js';
import { queueMigrations } from './queue.migrations.js';
import { QueueModule } from './queue.module.js';
import { getDurableQueueToken } from './queue.tokens.js';
import { QueueWorkerModule } from './queue-worker.module.js';

const payload = z.object({ text: z.string().min(1) });
const note = defineJob({
  name: 'note',
  queue: 'notes',
  payload,
  onOutage: 'inline',
  inline: { maxMs: 1000, concurrency: 2, idempotent: true },
});
const mail = defineJob({ name: 'mail', queue: 'notes', payload, onOutage: 'reject' });

const effects = new EventEmitter();

abstract class Recorder extends JobHandler<{ text: string }> {
  async handle({ text }: { text: string }, { id, tx }: JobContext): Promise<void> {
    await tx.execute(sql`insert into effects (job_id, text) values (${id}, ${text})`);
    if (text === 'fails') throw new Error('after its effect');
    if (text === 'slow') await tx.execute(sql`select pg_sleep(0.3)`);
    effects.emit('effect', text);
  }
}

@Injectable()
class NoteHandler extends Recorder {
  readonly job = note;
}

@Injectable()
class MailHandler extends Recorder {
  readonly job = mail;
}

const handlers = [NoteHandler, MailHandler];

@Module({ providers: handlers, exports: handlers })
class HandlersModule {}

/** Milliseconds: tells an answer from a hang. What an answer may cost is the chaos table's matter. */
const notAtAHang = 3000;

describe('the queue', () => {
  let postgres: EmbeddedPostgres;
  let redis: RedisServer;
  let web: INestApplicationContext;
  const started: INestApplicationContext[] = [];

  async function start(side: 'web' | 'worker'): Promise<INestApplicationContext> {
    const options = {
      redis: { url: redis.url, deadlineMs: 500, healthIntervalMs: 100, bootWaitMs: 500 },
      jobs: [note, mail],
      handlers,
    };
    const module = await Test.createTestingModule({
      imports: [
        DatabaseModule.forRoot({ url: postgres.url, applicationName: side }),
        HandlersModule,
        side === 'web' ? QueueModule.forRoot(options) : QueueWorkerModule.forRoot(options),
      ],
    }).compile();
    module.useLogger(false);
    await module.init();
    started.push(module);
    return module;
  }

  const notes = () => web.get<DurableQueue>(getDurableQueueToken('notes'));

  async function effectsOf(id: string): Promise<number> {
    const { rows } = await web.get(Database).execute(sql`select 1 from effects where job_id = ${id}`);
    return rows.length;
  }

  /** The handler reports before its transaction commits; the ledger's row is locked until then. */
  async function committedEffectsOf(id: string): Promise<number> {
    await web
      .get(Database)
      .execute(sql`insert into queue.done_jobs (id, job) values (${id}, 'spec') on conflict do nothing`);
    return effectsOf(id);
  }

  function reaches(wanted: (state: BreakerState) => boolean, process = web): Promise<void> {
    return process.get<GuardedRedis>(getRedisToken('queue')).reaches(wanted);
  }
  /** The producer's own connection may need some milliseconds more than the group's state. */
  async function acceptedByRedis(job: typeof note): Promise<string> {
    for (let tries = 0; tries < 1000; tries += 1) {
      const { placed } = await notes()
        .add(job, { text: 'again' })
        .catch(() => ({ placed: 'refused' }));
      if (placed === 'queue') return placed;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return 'never';
  }

  const gone = ({ reads }: BreakerState) => reads === 'down';
  const whole = ({ writes }: BreakerState) => writes === 'up';

  beforeAll(async () => {
    postgres = await EmbeddedPostgres.start();
    await runMigrations(postgres.url, [queueMigrations]);
  });

  beforeEach(async () => {
    redis = await RedisServer.start();
    web = await start('web');
    await web.get(Database).execute(sql`create table if not exists effects (job_id text, text text)`);
  });

  afterEach(async () => {
    for (const process of started.splice(0)) await process.close();
    await redis.stop();
  });

  afterAll(() => postgres?.stop());

  it('hands a job to a worker, which makes its effect once', async () => {
    await start('worker');
    const effect = once(effects, 'effect');
    const { id, placed } = await notes().add(note, { text: 'a' });
    await effect;
    expect(placed).toBe('queue');
    expect(await committedEffectsOf(id)).toBe(1);
  });

  it('refuses a payload that does not fit, naming the field and not its value', async () => {
    await expect(notes().add(note, { text: '' })).rejects.toThrow(/job note does not fit. `text`:/);
  });

  it('refuses a payload that is too large, one by one and in bulk, and takes one that just fits', async () => {
    const ofBytes = (bytes: number) => ({ text: 'ä'.repeat((bytes - '{"text":""}'.length - 1) / 2) + '.' });
    const [fits, tooLarge] = [ofBytes(256 * 1024), ofBytes(256 * 1024 + 2)];
    const refusal = { code: 'JOB_PAYLOAD_TOO_LARGE', bytes: 256 * 1024 + 2 };
    await expect(notes().add(note, tooLarge)).rejects.toMatchObject(refusal);
    await expect(notes().addBulk(note, [fits, tooLarge])).rejects.toMatchObject(refusal);
    expect(await notes().add(note, fits)).toMatchObject({ placed: 'queue' });
  });

  it.each([
    ['killed', () => redis.kill()],
    ['hung', async () => redis.hang()],
  ])('runs a job inline, within its bounds, while Redis is %s', async (_how, breakIt) => {
    await breakIt();
    const startedAt = performance.now();
    const first = await notes().add(note, { text: 'at once' });
    expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
    expect(first.placed).toBe('inline');
    expect(await effectsOf(first.id)).toBe(1);
    await reaches(gone);
    expect(await notes().add(note, { text: 'again' })).toMatchObject({ placed: 'inline' });
  });

  it('refuses a job by its policy, and keeps the one over the inline lane’s bound in the outbox', async () => {
    await redis.kill();
    await reaches(gone);
    await expect(notes().add(mail, { text: 'a' })).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
      group: 'queue',
    });
    const adds = await Promise.all(['slow', 'slow', 'slow'].map((text) => notes().add(note, { text })));
    expect(adds.map(({ placed }) => placed)).toEqual(['inline', 'inline', 'outbox']);
  });

  it('decides at every add: the queue takes jobs again when Redis is back', async () => {
    await redis.kill();
    await reaches(gone);
    await notes().add(note, { text: 'inline' });
    await redis.start();
    await reaches(whole);
    expect(await acceptedByRedis(note)).toBe('queue');
  });

  it('has one effect for a job that Redis stored although its add seemed to fail', async () => {
    const id = 'the-same-id';
    await notes().add(note, { text: 'first' }, { id });
    redis.hang();
    expect(await notes().add(note, { text: 'first' }, { id })).toEqual({ id, placed: 'inline' });
    redis.resume();
    await reaches(whole);
    await start('worker');
    const other = once(effects, 'effect');
    await notes().add(note, { text: 'behind it' });
    await other;
    expect(await effectsOf(id)).toBe(1);
  });

  it('undoes the effect of an inline run that fails, and keeps the job in the outbox', async () => {
    await redis.kill();
    await reaches(gone);
    const id = 'fails-once';
    expect(await notes().add(note, { text: 'fails' }, { id })).toEqual({ id, placed: 'outbox' });
    expect(await effectsOf(id)).toBe(0);
  });

  it('goes on working soon after Redis’s return', async () => {
    const worker = await start('worker');
    await redis.kill();
    await reaches(gone, worker);
    await redis.start();
    await reaches(whole);
    const effect = once(effects, 'effect');
    expect(await acceptedByRedis(mail)).toBe('queue');
    await effect;
  });

  it('works for a worker that was started without Redis', async () => {
    await redis.kill();
    const worker = await start('worker');
    await redis.start();
    await reaches(whole, worker);
    await reaches(whole);
    const effect = once(effects, 'effect');
    expect(await acceptedByRedis(mail)).toBe('queue');
    await effect;
  });

  it.each(['killed', 'hung'])('shuts a worker down in time while Redis is %s', async (how) => {
    const worker = await start('worker');
    if (how === 'killed') await redis.kill();
    else redis.hang();
    await reaches(gone, worker);
    const startedAt = performance.now();
    await worker.close();
    expect(performance.now() - startedAt).toBeLessThan(8000);
  });

  it('boots without Redis and serves inline until it is there', async () => {
    await redis.kill();
    const startedAt = performance.now();
    web = await start('web');
    expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
    expect(await notes().add(note, { text: 'early' })).toMatchObject({ placed: 'inline' });
  });
});

describe('defineJob', () => {
  it('refuses an inline job without bounds', () => {
    expect(() => defineJob({ name: 'x', queue: 'q', payload, onOutage: 'inline' })).toThrow(
      /inline: \{ maxMs/,
    );
  });

  it('refuses a bound that is no positive integer', () => {
    const inline = { maxMs: 0, concurrency: 1, idempotent: true } as const;
    expect(() => defineJob({ name: 'x', queue: 'q', payload, onOutage: 'inline', inline })).toThrow(
      'Job x: expected `inline.maxMs` to be a positive integer, got `0`.',
    );
  });
});
