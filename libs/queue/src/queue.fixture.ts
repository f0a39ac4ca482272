import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Database, DatabaseModule, runMigrations } from '@trivet/database';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { getRedisToken, type GuardedRedis } from '@trivet/redis';
import { sql } from 'drizzle-orm';
import type { DurableQueue } from './adding/durable-queue.js';
import { JobHandler, type JobContext, type JobDefinition } from './jobs/job.js';
import type { Schedule } from './jobs/schedule.js';
import { queueMigrations } from './queue.migrations.js';
import { QueueModule } from './queue.module.js';
import type { QueueModuleOptions } from './queue.options.js';
import { QUEUE_GROUP, getDurableQueueToken } from './queue.tokens.js';
import { QueueWorkerModule } from './queue-worker.module.js';

/** How a process of the fixture differs from the others. */
export interface ProcessOptions extends Partial<Omit<QueueModuleOptions, 'redis'>> {
  readonly schedules?: readonly Schedule[];
  readonly bootWaitMs?: number;
}

/** What the jobs of a spec's processes are. */
export interface Work {
  readonly jobs: readonly JobDefinition[];
  readonly handlers: readonly Type<JobHandler>[];
}

/** One process that adds, or runs, or both. */
export class QueueProcess {
  constructor(readonly app: INestApplicationContext) {}

  get redis(): GuardedRedis {
    return this.app.get<GuardedRedis>(getRedisToken(QUEUE_GROUP), { strict: false });
  }

  queue(name: string): DurableQueue {
    return this.app.get<DurableQueue>(getDurableQueueToken(name), { strict: false });
  }

  gone(): Promise<void> {
    return this.redis.reaches(({ writes }) => writes === 'down');
  }

  whole(): Promise<void> {
    return this.redis.reaches(({ writes }) => writes === 'up');
  }
}

/** A real PostgreSQL, and processes that share it. Effects are rows of the table `effects`, one for each time they were made. */
export class QueueFixture {
  readonly #processes: QueueProcess[] = [];

  private constructor(
    readonly postgres: EmbeddedPostgres,
    readonly database: Database,
    private readonly work: Work,
  ) {}

  static async start(work: Work): Promise<QueueFixture> {
    const postgres = await EmbeddedPostgres.start();
    await runMigrations(postgres.url, [queueMigrations]);
    const database = new Database({ url: postgres.url });
    await database.execute(
      sql`create table effects (job_id text, text text, at timestamptz default clock_timestamp())`,
    );
    return new QueueFixture(postgres, database, work);
  }

  web(redisUrl: string, options?: ProcessOptions): Promise<QueueProcess> {
    return this.#start('web', redisUrl, options);
  }

  worker(redisUrl: string, options?: ProcessOptions): Promise<QueueProcess> {
    return this.#start('worker', redisUrl, options);
  }

  /** Ends the processes, and empties the tables for the next spec. */
  async reset(): Promise<void> {
    await Promise.all(this.#processes.splice(0).map(({ app }) => app.close()));
    await this.database.execute(
      sql`truncate effects, queue.outbox, queue.done_jobs, queue.dead_letters, queue.last_server`,
    );
  }

  async stop(): Promise<void> {
    await this.reset();
    await this.database.onApplicationShutdown();
    await this.postgres.stop();
  }

  /** How often the effect of a job was made, by its id. */
  async effects(): Promise<Map<string, number>> {
    const { rows } = await this.database.execute<{ job_id: string; times: string }>(
      sql`select job_id, count(*) as times from effects group by job_id`,
    );
    return new Map(rows.map(({ job_id: id, times }) => [id, Number(times)]));
  }

  /** Rows of the outbox, by what has become of them. */
  async outbox(): Promise<{ waiting: number; sent: number }> {
    const { rows } = await this.database.execute<{ waiting: string; sent: string }>(
      sql`select count(*) filter (where sent_at is null) as waiting, count(sent_at) as sent from queue.outbox`,
    );
    return { waiting: Number(rows[0]?.waiting), sent: Number(rows[0]?.sent) };
  }

  /** Resolves when each of the jobs has had its effect. */
  async done(ids: readonly string[], withinMs = 20_000): Promise<void> {
    await this.until(async () => {
      const effects = await this.effects();
      return ids.every((id) => effects.has(id));
    }, withinMs);
  }

  /** Asks again and again, for what no event tells. */
  async until(check: () => Promise<boolean>, withinMs = 20_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!(await check())) {
      if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms.`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async #start(side: 'web' | 'worker', url: string, options: ProcessOptions = {}): Promise<QueueProcess> {
    const { schedules = [], bootWaitMs = 2000, ...bounds } = options;
    const { jobs, handlers } = this.work;
    const redis = { url, deadlineMs: 500, healthIntervalMs: 100, probeIntervalMs: 100, bootWaitMs };
    const module = { redis, jobs, handlers, addDeadlineMs: 1000, ...bounds };
    const app = await NestFactory.createApplicationContext(
      processModule(side, {
        handlers,
        imports: [
          DatabaseModule.forRoot({ url: this.postgres.url, applicationName: side, maxConnections: 20 }),
          side === 'web' ? QueueModule.forRoot(module) : QueueWorkerModule.forRoot({ ...module, schedules }),
        ],
      }),
      { logger: false, abortOnError: false },
    );
    const process = new QueueProcess(app);
    this.#processes.push(process);
    return process;
  }
}

@Module({})
class HandlersModule {}

@Module({})
class ProcessModule {}

function processModule(
  side: string,
  { handlers, imports }: { handlers: readonly Type<JobHandler>[]; imports: DynamicModule[] },
): DynamicModule {
  const own = { module: HandlersModule, providers: [...handlers], exports: [...handlers] };
  return {
    module: ProcessModule,
    imports: [...imports, own],
    providers: [{ provide: 'SIDE', useValue: side }],
  };
}

/** A handler whose effect is a row, so that a second effect would show. */
export abstract class EffectHandler extends JobHandler<{ text: string }> {
  async handle({ text }: { text: string }, { id, tx }: JobContext): Promise<void> {
    await tx.execute(sql`insert into effects (job_id, text) values (${id}, ${text})`);
    if (text === 'fails') throw new Error('after its effect');
    if (text === 'slow') await tx.execute(sql`select pg_sleep(0.3)`);
  }
}
