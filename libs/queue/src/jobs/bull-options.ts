import type { JobsOptions } from 'bullmq';
import type { JobDefinition } from './job.js';

const keepDoneSeconds = 3600;
const mostKept = 10_000;

/**
 * What BullMQ is told of a job. Its own memory of done jobs only saves work: what keeps an effect from being made twice is
 * the ledger. Failed jobs stay until they have been recorded as dead letters.
 */
export function bullOptions({ attempts, backoffMs }: JobDefinition): JobsOptions {
  return {
    attempts,
    backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
    removeOnComplete: { age: keepDoneSeconds, count: mostKept },
    stackTraceLimit: 1,
  };
}
