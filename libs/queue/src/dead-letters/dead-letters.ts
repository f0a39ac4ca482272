import { Injectable } from '@nestjs/common';
import { Database } from '@trivet/database';
import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import { outboxNotices } from '../outbox/outbox-row.js';
import type { DeadLetter, DeadLetterFilter, RedriveOptions } from './dead-letter.js';

/** How many dead letters of one kind there are. */
export interface DeadLetterCount {
  readonly queue: string;
  readonly job: string;
  readonly reason: DeadLetter['reason'];
  readonly count: number;
}

/** Whether the job of an id is a dead letter, as a condition in a query of the app's own. */
export const isDeadLetter = (id: SQLWrapper): SQL<boolean> =>
  sql`exists (select from queue.dead_letters where dead_letters.id = ${id})`;

const everything = 2 ** 31 - 1;

/**
 * The jobs that could not be done, in PostgreSQL: to be looked at, tried again or thrown away. A provider of its own: an
 * operator's page or command needs nothing but a `Database`.
 */
@Injectable()
export class DeadLetters {
  constructor(private readonly database: Database) {}

  /** The newest first. @param limit at most this many. @default 100 */
  async list(filter: DeadLetterFilter = {}, limit = 100): Promise<DeadLetter[]> {
    const { rows } = await this.database.execute<DeadLetterRow>(sql`
      select id, queue, job, version, payload, reason, error, attempts, added_at, died_at
      from queue.dead_letters where ${matches(filter)} order by died_at desc, id desc limit ${limit}`);
    return rows.map(({ added_at: addedAt, died_at: diedAt, ...rest }) => ({
      ...rest,
      addedAt: new Date(addedAt),
      diedAt: new Date(diedAt),
    }));
  }

  /** How many there are, by queue, job and reason. */
  async counts(filter: DeadLetterFilter = {}): Promise<DeadLetterCount[]> {
    const { rows } = await this.database.execute<Record<keyof DeadLetterCount, string>>(sql`
      select queue, job, reason, count(*) as count from queue.dead_letters
      where ${matches(filter)} group by queue, job, reason order by queue, job, reason`);
    return rows.map((row) => ({ ...row, count: Number(row.count) }) as DeadLetterCount);
  }

  /**
   * Puts dead letters back into the outbox, with their ids and all their attempts. A worker takes it from there, also if
   * this process ends.
   *
   * @returns how many were, or with `dryRun` would be, redriven
   */
  async redrive(filter: DeadLetterFilter, options: RedriveOptions = {}): Promise<number> {
    const { dryRun = false, perSecond, limit = everything } = options;
    for (const [name, value] of Object.entries({ perSecond: perSecond ?? 1, limit })) {
      if (!(value > 0))
        throw new TypeError(`Redrive: expected \`${name}\` to be positive, got \`${value}\`.`);
    }
    const chosen = sql`select id from queue.dead_letters where ${matches(filter)} order by died_at, id limit ${limit}`;
    if (dryRun) return this.#count(sql`select count(*) as count from (${chosen}) as chosen`);
    const secondsEach = perSecond === undefined ? 0 : 1 / perSecond;
    return this.#count(sql`
      with gone as (
        delete from queue.dead_letters where id in (${chosen} for update skip locked)
        returning *, now() as moment
      ), placed as (
        insert into queue.outbox (id, queue, job, version, payload, context, bytes, run_at)
        select id, queue, job, version, payload, context, bytes,
          moment + (row_number() over (order by died_at, id) - 1) * ${secondsEach}::float8 * interval '1 second'
        from gone
        on conflict (id) do update set sent_at = null, attempts = 0, run_at = excluded.run_at
        returning id
      ), told as (
        select pg_notify(${outboxNotices}, '') from placed limit 1
      )
      select count(*) as count from placed where (select count(*) from told) >= 0`);
  }

  /** Throws dead letters away for good. @returns how many */
  async discard(filter: DeadLetterFilter): Promise<number> {
    return this.#count(sql`
      with gone as (delete from queue.dead_letters where ${matches(filter)} returning 1)
      select count(*) as count from gone`);
  }

  async #count(query: SQL): Promise<number> {
    const { rows } = await this.database.execute<{ count: string }>(query);
    return Number(rows[0]?.count);
  }
}

type DeadLetterRow = Omit<DeadLetter, 'addedAt' | 'diedAt'> & { added_at: string; died_at: string };

function matches({ ids, queue, job, reason, diedAfter, diedBefore }: DeadLetterFilter): SQL {
  const conditions = [
    ids && sql`id = any(${sql.param(ids)}::text[])`,
    queue !== undefined && sql`queue = ${queue}`,
    job !== undefined && sql`job = ${job}`,
    reason !== undefined && sql`reason = ${reason}`,
    diedAfter && sql`died_at >= ${diedAfter.toISOString()}::timestamptz`,
    diedBefore && sql`died_at < ${diedBefore.toISOString()}::timestamptz`,
  ].filter((condition) => condition !== undefined && condition !== false);
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
}
