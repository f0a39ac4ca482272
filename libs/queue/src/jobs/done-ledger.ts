import type { DatabaseTransaction } from '@trivet/database';
import { pgSchema, text, timestamp } from 'drizzle-orm/pg-core';

const doneJobs = pgSchema('queue').table('done_jobs', {
  id: text().primaryKey(),
  job: text().notNull(),
  doneAt: timestamp('done_at', { withTimezone: true }).notNull().defaultNow(),
});

/**
 * Claims a job inside the transaction that makes its effects, so both stand or fall together. A second claim waits for
 * the first transaction and then fails, or succeeds if that one was rolled back.
 *
 * @returns whether the job had not been done before.
 */
export async function claim(tx: DatabaseTransaction, id: string, job: string): Promise<boolean> {
  const claimed = await tx
    .insert(doneJobs)
    .values({ id, job })
    .onConflictDoNothing()
    .returning({ id: doneJobs.id });
  return claimed.length > 0;
}
