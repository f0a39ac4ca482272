import { getQueueToken } from '@nestjs/bullmq';
import type { FactoryProvider } from '@nestjs/common';
import { Database } from '@trivet/database';
import type { GuardedRedis } from '@trivet/redis';
import { sql } from 'drizzle-orm';
import type { JobSchedulerJson, Queue } from 'bullmq';
import type { OutboxEvent } from '../queue.events.js';
import { OutboxClaims } from '../outbox/outbox-claims.js';
import { queueNamesOf, type JobDefinition } from '../jobs/job.js';
import { scheduleKeyPrefix } from '../jobs/schedule.js';
import { QUEUE_REDIS } from '../queue.tokens.js';

/** A schedule as Redis has it. */
export interface ScheduleStanding {
  /** As `defineSchedule` calls it. */
  readonly name: string;
  readonly job: string;
  /** A cron pattern, or else `everyMs`. */
  readonly cron: string | undefined;
  readonly timeZone: string | undefined;
  readonly everyMs: number | undefined;
  readonly next: Date | undefined;
}

/** How one queue stands. What Redis knows is missing while it does not answer. */
export interface QueueStanding {
  readonly queue: string;
  /** Jobs in Redis: waiting, active, delayed, failed, completed. */
  readonly counts: Readonly<Record<string, number>> | undefined;
  readonly schedules: readonly ScheduleStanding[] | undefined;
  /** What waits in PostgreSQL. */
  readonly outbox: Pick<OutboxEvent, 'rows' | 'bytes' | 'oldestSeconds'>;
  /** Rows that Redis has taken and whose jobs are not known to be done. */
  readonly underWay: number;
}

const counts = { name: 'queue.counts', kind: 'read', ownConnection: true } as const;
const schedules = { name: 'queue.readSchedules', kind: 'read', ownConnection: true } as const;
const nothing = { rows: 0, bytes: 0, oldestSeconds: 0 };

/**
 * How queues stand, for an operator's eyes: a handful of reads, bounded like any other. A provider of its own, for the app
 * that shows it; needs a queue module and a global `Database`.
 */
export class QueueOverview {
  constructor(
    private readonly redis: GuardedRedis,
    private readonly database: Database,
    private readonly queues: readonly Queue[],
  ) {}

  /** The provider for the queues that these jobs name. */
  static of(jobs: readonly JobDefinition[]): FactoryProvider<QueueOverview> {
    return {
      provide: QueueOverview,
      inject: [QUEUE_REDIS, Database, ...queueNamesOf(jobs).map((name) => getQueueToken(name))],
      useFactory: (redis: GuardedRedis, database: Database, ...queues: Queue[]) =>
        new QueueOverview(redis, database, queues),
    };
  }

  /** @throws DatabaseUnavailableError; never for want of Redis */
  async read(): Promise<QueueStanding[]> {
    const claims = new OutboxClaims(this.database);
    const [waiting, underWay] = await Promise.all([claims.measure(), this.#underWay()]);
    return Promise.all(
      this.queues.map(async (queue) => ({
        queue: queue.name,
        outbox: waiting.find((event) => event.queue === queue.name) ?? nothing,
        underWay: underWay.get(queue.name) ?? 0,
        ...(await this.#inRedis(queue)),
      })),
    );
  }

  async #inRedis(queue: Queue): Promise<Pick<QueueStanding, 'counts' | 'schedules'>> {
    const count = () => queue.getJobCounts('waiting', 'active', 'delayed', 'failed', 'completed');
    const [counted, found] = await Promise.all([
      this.redis.attempt<Record<string, number> | undefined>(counts, count, () => undefined),
      this.redis.attempt(
        schedules,
        () => queue.getJobSchedulers(),
        () => undefined,
      ),
    ]);
    return { counts: counted, schedules: found?.map(standingOf) };
  }

  async #underWay(): Promise<Map<string, number>> {
    const { rows } = await this.database.execute<{ queue: string; rows: string }>(
      sql`select queue, count(*) as rows from queue.outbox where sent_at is not null group by queue`,
    );
    return new Map(rows.map(({ queue, rows: count }) => [queue, Number(count)]));
  }
}

function standingOf({ key, name: job, pattern, tz, every, next }: JobSchedulerJson): ScheduleStanding {
  return {
    name: key.replace(scheduleKeyPrefix, ''),
    job,
    cron: pattern,
    timeZone: tz,
    everyMs: every === undefined ? undefined : Number(every),
    next: next === undefined ? undefined : new Date(next),
  };
}
