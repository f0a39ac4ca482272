import type { DatabaseTransaction } from '@trivet/database';
import type { z } from 'zod';

/** What to do with a job whose queue Redis does not take it. */
export type OutagePolicy =
  /** Run it at once, in this process; only for short, bounded work. */
  | 'inline'
  /** Refuse it: 503 with `Retry-After`. */
  | 'reject';

/** Bounds of the inline lane. A slow job must not take the web tier down with it. */
export interface InlineBounds {
  /** A job still running after this is given up by its caller, milliseconds. */
  readonly maxMs: number;
  /** How many of this job run inline at once in a process; one more is refused. */
  readonly concurrency: number;
}

/** One class of jobs: its name, its queue, its payload and its policies. Make it with {@link defineJob}. */
export interface JobDefinition<P = unknown> {
  readonly name: string;
  readonly queue: string;
  /** Checked when the job is added and again when it is run. */
  readonly payload: z.ZodType<P>;
  readonly onOutage: OutagePolicy;
  /** Required by `onOutage: 'inline'`. */
  readonly inline?: InlineBounds;
}

/** What a handler is given besides its payload. */
export interface JobContext {
  /** The job's id, the same in every lane and at every try. */
  readonly id: string;
  /** Effects belong in here: it has claimed the job in the ledger of done jobs, so they are made once. */
  readonly tx: DatabaseTransaction;
  /** Aborts when the inline lane gives up. */
  readonly signal: AbortSignal;
}

/** Runs the jobs of one definition. */
export abstract class JobHandler<P = unknown> {
  abstract readonly job: JobDefinition<P>;

  /** Does the work. A throw undoes what was written through `context.tx`; the queue lane then tries again. */
  abstract handle(payload: P, context: JobContext): Promise<void>;
}

/** Checks a definition at import time. @throws {TypeError} naming the job and the field */
export function defineJob<P>(definition: JobDefinition<P>): JobDefinition<P> {
  const { name, onOutage, inline } = definition;
  if (onOutage === 'inline' && !inline) {
    throw new TypeError(`Job ${name}: \`onOutage: 'inline'\` needs \`inline: { maxMs, concurrency }\`.`);
  }
  for (const [field, value] of Object.entries(inline ?? {})) {
    if (!Number.isInteger(value) || value < 1) {
      throw new TypeError(
        `Job ${name}: expected \`inline.${field}\` to be a positive integer, got \`${value}\`.`,
      );
    }
  }
  return definition;
}
