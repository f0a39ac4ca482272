import type { Carried } from './carried.js';
import type { JobDefinition } from './job.js';
import { InvalidJobPayloadError, JobVersionError } from '../queue.errors.js';

/** How a payload travels: what is stored as a job's data, in Redis and in the outbox. */
export interface Envelope {
  readonly version: number;
  readonly payload: unknown;
  readonly context?: Carried;
}

/** Checks a payload and wraps it up. @throws {InvalidJobPayloadError} naming the fields */
export function wrap(job: JobDefinition, payload: unknown, context: Carried | undefined): Envelope {
  const { version } = job;
  return { version, payload: check(job, payload), ...(context ? { context } : {}) };
}

/**
 * Brings a payload up to the version that this process knows and checks it.
 *
 * @throws {InvalidJobPayloadError} naming the fields
 * @throws {JobVersionError} when it is newer, or older than the oldest upcaster
 */
export function unwrap(job: JobDefinition, { version, payload }: Envelope): unknown {
  let current = payload;
  for (let at = version; at !== job.version; at += 1) {
    const upcast = at < job.version ? job.upcasters[at] : undefined;
    if (!upcast) throw new JobVersionError(job.name, version, job.version);
    current = upcast(current);
  }
  return check(job, current);
}

function check(job: JobDefinition, payload: unknown): unknown {
  const parsed = job.payload.safeParse(payload);
  if (!parsed.success) throw new InvalidJobPayloadError(job.name, parsed.error);
  return parsed.data;
}
