import { escapeLiteral } from '@trivet/database';

/**
 * The statement that claims a job inside the transaction that makes its effects, so both stand or fall together; it changes
 * no row when the job was done before. A second claim waits for the first transaction and then fails, or succeeds if that
 * one was rolled back.
 */
export const claimOf = (id: string, job: string): string =>
  `insert into queue.done_jobs (id, job) values (${escapeLiteral(id)}, ${escapeLiteral(job)}) on conflict do nothing`;
