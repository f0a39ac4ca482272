import type { z } from 'zod';

/** A payload does not fit its job; the message names the fields, not their values. */
export class InvalidJobPayloadError extends Error {
  readonly code = 'JOB_PAYLOAD_INVALID';
  override readonly name = 'InvalidJobPayloadError';

  constructor(job: string, { issues }: z.ZodError) {
    const fields = issues.map(({ path, message }) => `\`${path.join('.') || 'payload'}\`: ${message}`);
    super(`The payload of job ${job} does not fit. ${fields.join('; ')}`);
  }
}

/** A payload is longer than `maxPayloadBytes`, whichever way its job would go. */
export class JobPayloadTooLargeError extends Error {
  readonly code = 'JOB_PAYLOAD_TOO_LARGE';
  override readonly name = 'JobPayloadTooLargeError';

  constructor(
    job: string,
    readonly bytes: number,
    maxBytes: number,
  ) {
    super(
      `The payload of job ${job} has ${bytes} bytes and may have ${maxBytes} (\`maxPayloadBytes\`). ` +
        'Keep what is large elsewhere and send its key.',
    );
  }
}

/** An add asks for what no lane can do; a mistake in the code, not an outage. */
export class JobOptionsError extends TypeError {
  readonly code = 'JOB_OPTIONS';
  override readonly name = 'JobOptionsError';

  constructor(job: string, why: string) {
    super(`Job ${job}: ${why}`);
  }
}

/** For handlers to throw: trying again would not help, so the job becomes a dead letter at once. */
export class HopelessJobError extends Error {
  readonly code = 'JOB_HOPELESS';
  override readonly name = 'HopelessJobError';
}

/** A job arrived that this process has no handler for. */
export class UnknownJobError extends Error {
  readonly code = 'JOB_UNKNOWN';
  override readonly name = 'UnknownJobError';

  constructor(job: string) {
    super(`No handler for job ${job}. Add its handler to \`handlers\` of the queue module.`);
  }
}

/** A job arrived whose payload is of a version that this process does not know: newer, or too old to be read. */
export class JobVersionError extends Error {
  readonly code = 'JOB_VERSION';
  override readonly name = 'JobVersionError';

  constructor(
    job: string,
    readonly given: number,
    readonly known: number,
  ) {
    super(`Job ${job} came in version ${given}; this process knows version ${known}.`);
  }
}

/** Why the outbox did not take a job. `full`: it has no room left for a job of this importance. */
export type OutboxTrouble = 'full' | 'no-answer' | 'refused';

/** The outbox did not take a job, so nobody has promised to do it. */
export class OutboxUnavailableError extends Error {
  readonly code = 'OUTBOX_UNAVAILABLE';
  override readonly name = 'OutboxUnavailableError';

  constructor(
    readonly reason: OutboxTrouble,
    cause?: unknown,
  ) {
    super(`The outbox did not take the job (${reason}).`, { cause });
  }
}
