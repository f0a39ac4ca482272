import type { Database } from '@trivet/database';
import type { GuardedRedis } from '@trivet/redis';
import type { Job, Queue } from 'bullmq';
import { sql } from 'drizzle-orm';
import type { Envelope } from '../jobs/envelope.js';
import type { Burial } from './burial.js';

/** What a {@link DeadLetterCollector} works with. */
export interface DeadLetterCollectorParts {
  readonly redis: GuardedRedis;
  readonly database: Database;
  readonly burial: Burial;
  readonly queues: ReadonlyMap<string, Queue>;
}

const read = { name: 'queue.readFailed', kind: 'read', ownConnection: true, deadlineMs: 2000 } as const;
const remove = { name: 'queue.removeFailed', kind: 'write', ownConnection: true, deadlineMs: 2000 } as const;
const atOnce = 100;

/**
 * Moves jobs that have failed for good from Redis to the dead letters in PostgreSQL: recorded first and then removed, so
 * that a crash in between leaves one too many and never one too few. Whatever made BullMQ fail a job, it comes by here.
 */
export class DeadLetterCollector {
  constructor(private readonly parts: DeadLetterCollectorParts) {}

  /** @returns whether there may be more */
  async collect(): Promise<boolean> {
    let hasMore = false;
    for (const queue of this.parts.queues.values()) {
      const jobs = await this.parts.redis.attempt(read, () => queue.getFailed(0, atOnce - 1));
      for (const job of jobs) await this.#collect(queue.name, job as Job<Partial<Envelope>>);
      hasMore ||= jobs.length === atOnce;
    }
    return hasMore;
  }

  async #collect(queue: string, job: Job<Partial<Envelope>>): Promise<void> {
    if (await this.#record(queue, job)) this.parts.burial.tell({ queue, job: job.name }, 'failed');
    await this.parts.redis.attempt(remove, () => job.remove());
  }

  /** @returns whether it is a dead letter: a job that stalled after its effect was made is done */
  async #record(queue: string, job: Job<Partial<Envelope>>): Promise<boolean> {
    const { id = '', name, data, failedReason = '', attemptsMade, timestamp } = job;
    const { version = 1, payload = data, context = null } = data;
    const text = JSON.stringify(payload);
    const { rowCount } = await this.parts.database.execute(sql`
      with gone as (delete from queue.outbox where id = ${id})
      insert into queue.dead_letters (id, queue, job, version, payload, context, bytes, reason, error, attempts, added_at)
      select ${id}, ${queue}, ${name}, ${version}::int, ${text}::json, ${context && JSON.stringify(context)}::json,
        octet_length(${text}), 'failed', ${failedReason}, ${attemptsMade}::int, to_timestamp(${timestamp}::float8 / 1000)
      where not exists (select from queue.done_jobs where id = ${id})
      on conflict (id) do update set error = excluded.error, attempts = excluded.attempts, died_at = now()`);
    return rowCount === 1;
  }
}
