import type { Carried } from './carried.js';
import type { JobDefinition } from './job.js';
import { InvalidJobPayloadError, JobPayloadTooLargeError, JobVersionError } from '../queue.errors.js';

/** How a payload travels: what is stored as a job's data, in Redis and in the outbox. */
export interface Envelope {
  readonly version: number;
  readonly payload: unknown;
  readonly context?: Carried;
}

/** Checks a payload and wraps it up. @throws {InvalidJobPayloadError} naming the fields */
export function wrap(job: JobDefinition, payload: unknown, context: Carried | undefined): Envelope {
  const checked = check(job, payload);
  return context
    ? { version: job.version, payload: checked, context }
    : { version: job.version, payload: checked };
}

/** @throws {JobPayloadTooLargeError} when the payload's JSON is longer */
export function assertFits(job: JobDefinition, { payload }: Envelope, maxBytes: number): void {
  const bytes = Buffer.byteLength(JSON.stringify(payload) ?? '');
  if (bytes > maxBytes) throw new JobPayloadTooLargeError(job.name, bytes, maxBytes);
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
