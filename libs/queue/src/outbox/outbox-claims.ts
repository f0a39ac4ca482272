import type { Database } from '@trivet/database';
import { sql, type SQL } from 'drizzle-orm';
import type { DeadReason } from '../dead-letters/dead-letter.js';
import type { OutboxEvent } from '../queue.events.js';

/** A row that this process has a lease on. */
export interface ClaimedRow {
  readonly id: string;
  readonly queue: string;
  readonly job: string;
  readonly version: number;
  /** JSON, and stays it: the relay hands it on without a look. */
  readonly payload: string;
  /** JSON as well. */
  readonly context: string | null;
  /** Tries that have failed so far. */
  readonly attempts: number;
  /** Redis may hold a part of the job. */
  readonly isPartial: boolean;
}

/** A row that will not be tried again by itself. */
export interface BuriedRow {
  readonly queue: string;
  readonly job: string;
}

/** A row's envelope, as JSON. */
export const envelopeJson = ({ version, payload, context }: ClaimedRow): string =>
  `{"version":${version},"payload":${payload}${context ? `,"context":${context}` : ''}}`;

/** How long a claim holds without being renewed. A process that dies leaves its rows to others after this. */
export const leaseMs = 30_000;

const lease = sql`now() + ${leaseMs}::float8 * interval '1 millisecond'`;
const free = sql`'-infinity'::timestamptz`;
const ofIds = (ids: readonly string[]): SQL => sql`id = any(${sql.param(ids)}::text[])`;

/**
 * What workers do to the rows of the outbox. Every clock is PostgreSQL's, so that no process's clock matters.
 *
 * Where a row is on its way need not survive a crash of PostgreSQL: it is sent again under its id, or found done. Such statements
 * go through `hasty`, whose commits do not wait for the disk.
 */
export class OutboxClaims {
  constructor(
    private readonly database: Database,
    private readonly hasty: Database = database,
  ) {}

  /** Takes rows that are due and that nobody else has, the longest due first. */
  async claim(queues: readonly string[], limit: number): Promise<ClaimedRow[]> {
    const { rows } = await this.hasty.execute<ClaimedRow & Record<string, unknown>>(sql`
      select id, queue, job, version, payload::text, context::text, attempts, is_partial as "isPartial"
      from queue.claim(${sql.param(queues)}::text[], ${limit}::int, ${leaseMs}::float8)`);
    return rows;
  }

  async renew(ids: readonly string[]): Promise<void> {
    await this.hasty.execute(sql`update queue.outbox set leased_until = ${lease} where ${ofIds(ids)}`);
  }

  /** Gives rows back as they were: what kept them was not theirs. */
  async release(ids: readonly string[]): Promise<void> {
    await this.hasty.execute(sql`update queue.outbox set leased_until = ${free} where ${ofIds(ids)}`);
  }

  /** Redis has acknowledged the rows. They stay until their jobs are done. */
  async markSent(ids: readonly string[]): Promise<void> {
    await this.hasty.execute(
      sql`update queue.outbox set sent_at = now(), leased_until = ${free} where ${ofIds(ids)}`,
    );
  }

  /** The job is done: the row has served its purpose. */
  async remove(id: string): Promise<void> {
    await this.hasty.execute(sql`delete from queue.outbox where id = ${id}`);
  }

  /** The row rests before it is taken again; a `try` counts against its attempts, and Redis may have broken off a `partial` one. */
  async postpone(id: string, pauseMs: number, kind: 'try' | 'partial' | 'no-try'): Promise<void> {
    await this.database.execute(sql`
      update queue.outbox set attempts = attempts + ${kind === 'no-try' ? 0 : 1}, leased_until = ${free},
        is_partial = is_partial or ${kind === 'partial'},
        run_at = now() + ${pauseMs}::float8 * interval '1 millisecond'
      where id = ${id}`);
  }

  /** Moves a row to the dead letters. */
  async bury(id: string, reason: DeadReason, error: string): Promise<void> {
    await this.#bury(sql`id = ${id}`, reason, error);
  }

  /** Moves rows that have been due for longer than they may to the dead letters, at most some thousand at a time. */
  async buryOlderThan(hours: number): Promise<BuriedRow[]> {
    const old = sql`id in (
      select id from queue.outbox
      where sent_at is null and run_at < now() - ${hours}::float8 * interval '1 hour' and leased_until < now()
      limit ${chunk} for update skip locked)`;
    return this.#bury(old, 'too-old', `It was due in the outbox for more than ${hours} hours.`);
  }

  async #bury(which: SQL, reason: DeadReason, error: string): Promise<BuriedRow[]> {
    const { rows } = await this.database.execute<BuriedRow & Record<string, unknown>>(sql`
      with gone as (delete from queue.outbox where ${which} returning *)
      insert into queue.dead_letters (id, queue, job, version, payload, context, bytes, reason, error, attempts, added_at)
      select id, queue, job, version, payload, context, bytes, ${reason}, ${error},
        attempts + ${reason === 'failed' ? 1 : 0}, added_at
      from gone
      on conflict (id) do update set reason = excluded.reason, error = excluded.error, died_at = now()
      returning queue, job`);
    return rows;
  }

  /** The moment by PostgreSQL's clock, for {@link OutboxClaims.unsend}. */
  async now(): Promise<string> {
    const { rows } = await this.database.execute<{ now: string }>(sql`select now()::text as now`);
    return rows[0]?.now ?? '';
  }

  /**
   * Makes rows wait again that were sent before a moment and are not done: their Redis may have lost them. With the same
   * id a job that it has not lost is not added twice.
   *
   * @returns how many; at most some thousand at a time
   */
  async unsend(before: string): Promise<number> {
    return this.#unsend(sql`${before}::timestamptz`, chunk);
  }

  /** The same for rows that were sent that long ago. */
  async unsendOlderThan(minutes: number, limit: number): Promise<number> {
    return this.#unsend(sql`now() - ${minutes}::float8 * interval '1 minute'`, limit);
  }

  async #unsend(before: SQL, limit: number): Promise<number> {
    const { rowCount } = await this.database.execute(sql`
      update queue.outbox set sent_at = null where id in (
        select id from queue.outbox where sent_at < ${before}
          and not exists (select from queue.done_jobs where done_jobs.id = outbox.id)
        limit ${limit} for update skip locked)`);
    return rowCount ?? 0;
  }

  /** Removes rows whose jobs are done. @returns how many; at most some thousand at a time */
  async removeDone(): Promise<number> {
    const { rowCount } = await this.hasty.execute(sql`
      delete from queue.outbox where id in (
        select outbox.id from queue.outbox join queue.done_jobs using (id)
        limit ${chunk} for update of outbox skip locked)`);
    return rowCount ?? 0;
  }

  /** Which Redis the workers saw last, by its replication id. */
  async lastServer(): Promise<string | undefined> {
    const { rows } = await this.database.execute<{ identity: string }>(
      sql`select identity from queue.last_server`,
    );
    return rows[0]?.identity;
  }

  async rememberServer(identity: string): Promise<void> {
    await this.database.execute(sql`
      insert into queue.last_server (identity) values (${identity})
      on conflict (is_only) do update set identity = excluded.identity`);
  }

  /** Forgets jobs that have been done for so long that no copy of them can be left. @returns how many */
  async forgetDone(days: number): Promise<number> {
    const { rowCount } = await this.hasty.execute(sql`
      delete from queue.done_jobs where id in (
        select id from queue.done_jobs where done_at < now() - ${days}::float8 * interval '1 day'
        limit ${chunk} for update skip locked)`);
    return rowCount ?? 0;
  }

  /** What waits, by queue. */
  async measure(): Promise<OutboxEvent[]> {
    const { rows } = await this.database.execute<Record<keyof OutboxEvent, string>>(sql`
      select queue, count(*) as "rows", sum(bytes) as "bytes",
        coalesce(extract(epoch from now() - min(run_at) filter (where run_at <= now())), 0) as "oldestSeconds"
      from queue.outbox where sent_at is null group by queue`);
    return rows.map(({ queue, rows: count, bytes, oldestSeconds }) => ({
      queue,
      rows: Number(count),
      bytes: Number(bytes),
      oldestSeconds: Number(oldestSeconds),
    }));
  }
}

const chunk = 5000;
