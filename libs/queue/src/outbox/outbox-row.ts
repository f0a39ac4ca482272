import { sql, type SQL } from 'drizzle-orm';
import type { DatabaseExecutor } from '@trivet/database';
import type { Envelope } from '../jobs/envelope.js';

/** The NOTIFY channel that wakes the workers of every process when rows have been committed. */
export const outboxNotices = 'trivet_queue_outbox';

/** A job on its way into the outbox. */
export interface NewOutboxRow {
  readonly id: string;
  readonly queue: string;
  readonly job: string;
  readonly envelope: Envelope;
  readonly delayMs: number;
  /** Redis broke the job's add off: a part of it may be there. */
  readonly isPartial: boolean;
}

/**
 * Inserts rows, all in one statement, and wakes the workers when the transaction commits. An id that is there already
 * is left as it is.
 */
export async function insertRows(executor: DatabaseExecutor, rows: readonly NewOutboxRow[]): Promise<void> {
  const column = <T>(of: (row: NewOutboxRow) => T, type: string): SQL =>
    sql`${sql.param(rows.map(of))}::${sql.raw(type)}[]`;
  await executor.execute(sql`
    with placed as (
      insert into queue.outbox (id, queue, job, version, payload, context, bytes, run_at, is_partial)
      select id, queue, job, version, payload::json, context::json, octet_length(payload),
        now() + delay * interval '1 millisecond', is_partial
      from unnest(
        ${column(({ id }) => id, 'text')},
        ${column(({ queue }) => queue, 'text')},
        ${column(({ job }) => job, 'text')},
        ${column(({ envelope }) => envelope.version, 'int')},
        ${column(({ envelope }) => JSON.stringify(envelope.payload), 'text')},
        ${column(({ envelope: { context } }) => (context ? JSON.stringify(context) : null), 'text')},
        ${column(({ delayMs }) => delayMs, 'float8')},
        ${column(({ isPartial }) => isPartial, 'boolean')}
      ) as given (id, queue, job, version, payload, context, delay, is_partial)
      on conflict (id) do nothing
      returning id
    )
    select pg_notify(${outboxNotices}, '') from placed limit 1`);
}
