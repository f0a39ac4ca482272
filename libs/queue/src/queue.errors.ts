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

/** A job arrived that this process has no handler for. */
export class UnknownJobError extends Error {
  readonly code = 'JOB_UNKNOWN';
  override readonly name = 'UnknownJobError';

  constructor(job: string) {
    super(`No handler for job ${job}. Add its handler to \`handlers\` of the queue module.`);
  }
}
