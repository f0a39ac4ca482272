import type { JobsOptions } from 'bullmq';
import type { JobDefinition } from './job.js';

/** What BullMQ is told of each job; it is stored with each, so it is kept short. Failed jobs stay until they are dead letters. */
export function bullOptions({ attempts, backoffMs }: JobDefinition): JobsOptions {
  return { attempts, backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 } };
}

/**
 * How long BullMQ remembers done jobs, told to its workers. That only saves work: what keeps an effect from being made
 * twice is the ledger.
 */
export const removeOnComplete = { age: 3600, count: 10_000 } as const;
