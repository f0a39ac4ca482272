import type { Type } from '@nestjs/common';
import type { RedisGroupOptions } from '@trivet/redis';
import { z } from 'zod';
import type { JobDefinition, JobHandler } from './jobs/job.js';
import type { Schedule } from './jobs/schedule.js';

/** What a process adds, and what it can run. */
export interface QueueJobs {
  readonly jobs: readonly JobDefinition[];
  /** Providers of some imported module. A web process needs those of jobs with `onOutage: 'inline'`, a worker all. */
  readonly handlers: readonly Type<JobHandler>[];
}

/** {@link QueueJobs} of a worker. */
export interface QueueWorkerJobs extends QueueJobs {
  /** What comes again and again; every worker of a deployment has the same. @default none */
  readonly schedules?: readonly Schedule[];
}

/** How the queue group is reached and bounded. */
export interface QueueModuleOptions {
  /** The queue group's own Redis. */
  readonly redis: RedisGroupOptions;
  /** How long an add may take, inline work apart, milliseconds. @default 100 */
  readonly addDeadlineMs?: number;
  /** A payload whose JSON is longer is refused at its add, bytes. @default 256 KiB */
  readonly maxPayloadBytes?: number;
  /** Rows that the outbox may hold for each queue. @default 1000000 */
  readonly outboxMaxRows?: number;
  /** Bytes of payload that the outbox may hold for each queue. @default 1 GiB */
  readonly outboxMaxBytes?: number;
  /** A job that has been due in the outbox for longer is a dead letter, hours. @default 72 */
  readonly outboxMaxAgeHours?: number;
  /** Jobs of each queue that a worker runs at once; each takes a database connection. @default 5 */
  readonly concurrency?: number;
}

const positive = z.number().int().positive();

const moduleOptions = z.object({
  redis: z.custom<RedisGroupOptions>((value) => typeof value === 'object' && value !== null, 'is missing'),
  addDeadlineMs: positive.default(100),
  maxPayloadBytes: positive.default(256 * 1024),
  outboxMaxRows: positive.default(1_000_000),
  outboxMaxBytes: positive.default(2 ** 30),
  outboxMaxAgeHours: positive.default(72),
  concurrency: positive.default(5),
});

/** Options with every default filled in. */
export type ResolvedQueueOptions = z.output<typeof moduleOptions>;

/** Checks options at boot. @throws {TypeError} naming the field and what was expected */
export function resolveQueueOptions(options: QueueModuleOptions): ResolvedQueueOptions {
  const result = moduleOptions.safeParse(options);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new TypeError(`Queue options: \`${issue?.path.join('.')}\`: ${issue?.message}`);
}
