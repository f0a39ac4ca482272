import type { DatabaseTransaction } from '@trivet/database';
import type { z } from 'zod';

/** What has to have happened before an add is acknowledged. */
export type Durability =
  /** The queue's Redis has it; it dies with that Redis if that dies before it has written or copied it. */
  | 'memory'
  /** A replica has it too; if none confirms, the outbox has it. */
  | 'replicated'
  /** It is a row of the transaction that the add is given, and stands or falls with it. */
  | 'transactional';

/** What to do with a job that the queue's Redis does not take. Decided at every add. */
export type OutagePolicy =
  /** Keep it in PostgreSQL, until Redis is back or a worker runs it from there. */
  | 'outbox'
  /** Run it at once, in this process; only for short, bounded work. */
  | 'inline'
  /** Refuse it: 503 with `Retry-After`. */
  | 'reject';

/** Bounds of the inline lane. A slow job must not take the web tier down with it. */
export interface InlineBounds {
  /** A job still running after this is given up, its effects undone, milliseconds. */
  readonly maxMs: number;
  /** How many of this job run inline at once in a process. */
  readonly concurrency: number;
  /**
   * Declares that every effect is made through `context.tx`, or is harmless when made twice: Redis may hold a job whose
   * add seemed to fail, and only the ledger keeps it from being done again.
   */
  readonly idempotent: true;
}

/** How much of the outbox's room a job may fill: half, four fifths, or all of it. */
export type Importance = 'low' | 'normal' | 'high';

/** What a job class says about itself; {@link defineJob} fills in the defaults. */
export interface JobOptions<P> {
  /** Unique in the app, and stable: it is stored with every job. */
  readonly name: string;
  readonly queue: string;
  /** Checked when the job is added and again when it is run. */
  readonly payload: z.ZodType<P>;
  /** The payload's version; one more at each change that stored jobs would not survive. @default 1 */
  readonly version?: number;
  /** By an old version: makes its payload one of the next version. Needed for every version that may still be stored. */
  readonly upcasters?: Readonly<Record<number, (payload: unknown) => unknown>>;
  /** @default 'memory' */
  readonly durability?: Durability;
  /** @default 'outbox' */
  readonly onOutage?: OutagePolicy;
  /** Required by `onOutage: 'inline'`. */
  readonly inline?: InlineBounds;
  /** How often a worker tries before the job is a dead letter. @default 5 */
  readonly attempts?: number;
  /** Pause before the second try; doubles with each further one, jittered, milliseconds. @default 500 */
  readonly backoffMs?: number;
  /** A worker's run is told to stop after this, and its effects are undone, milliseconds. @default 30000 */
  readonly maxMs?: number;
  /** @default 'normal' */
  readonly importance?: Importance;
}

/** One class of jobs. Make it with {@link defineJob}. */
export type JobDefinition<P = unknown> = Required<Omit<JobOptions<P>, 'inline'>> &
  Pick<JobOptions<P>, 'inline'>;

/** What a handler is given besides its payload. */
export interface JobContext {
  /** The job's id, the same in every lane and at every try. */
  readonly id: string;
  /** Effects belong in here: it has claimed the job in the ledger of done jobs, so they are made once. */
  readonly tx: DatabaseTransaction;
  /** Aborts when the job's time is up: nothing that is done later counts. */
  readonly signal: AbortSignal;
}

/** Runs the jobs of one definition. */
export abstract class JobHandler<P = unknown> {
  abstract readonly job: JobDefinition<P>;

  /** Does the work. A throw undoes what was written through `context.tx`; the job is tried again. */
  abstract handle(payload: P, context: JobContext): Promise<void>;
}

/** Checks a job class at import time and fills in its defaults. @throws {TypeError} naming the job and the field */
export function defineJob<P>(options: JobOptions<P>): JobDefinition<P> {
  const definition = {
    version: 1,
    upcasters: {},
    durability: 'memory',
    onOutage: 'outbox',
    attempts: 5,
    backoffMs: 500,
    maxMs: 30_000,
    importance: 'normal',
    ...options,
  } as const;
  const { name, durability, onOutage, inline, version, attempts, backoffMs, maxMs } = definition;
  if (onOutage === 'inline' && !inline) {
    refuse(name, "`onOutage: 'inline'` needs `inline: { maxMs, concurrency, idempotent: true }`.");
  }
  if (durability !== 'memory' && onOutage !== 'outbox') {
    refuse(
      name,
      `\`durability: '${durability}'\` keeps the job in the outbox, so \`onOutage\` must be 'outbox'.`,
    );
  }
  const { maxMs: inlineMaxMs, concurrency } = inline ?? { maxMs: 1, concurrency: 1 };
  const numbers = {
    version,
    attempts,
    backoffMs,
    maxMs,
    'inline.maxMs': inlineMaxMs,
    'inline.concurrency': concurrency,
  };
  for (const [field, value] of Object.entries(numbers)) {
    if (!Number.isInteger(value) || value < 1) {
      refuse(name, `expected \`${field}\` to be a positive integer, got \`${value}\`.`);
    }
  }
  for (
    let old = Math.min(version, ...Object.keys(definition.upcasters).map(Number));
    old < version;
    old += 1
  ) {
    if (!definition.upcasters[old])
      refuse(name, `\`upcasters\` has no step from version ${old} to ${old + 1}.`);
  }
  return definition;
}

function refuse(name: string, why: string): never {
  throw new TypeError(`Job ${name}: ${why}`);
}

/** The queues that jobs belong to, each once. */
export function queueNamesOf(jobs: readonly JobDefinition[]): string[] {
  return [...new Set(jobs.map(({ queue }) => queue))];
}
