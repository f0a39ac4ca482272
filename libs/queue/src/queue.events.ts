import { channel } from 'node:diagnostics_channel';
import type { DeadReason } from './dead-letters/dead-letter.js';

/** How a job is carried: by the queue's Redis, by the outbox in PostgreSQL, or at once in the process that added it. */
export type Lane = 'queue' | 'outbox' | 'inline';

/** An accepted or refused job, published on `trivet:queue:add`. */
export interface JobAddEvent {
  readonly queue: string;
  readonly job: string;
  readonly placed: Lane | 'rejected';
  /** Whether Redis may hold the job although it did not say so. */
  readonly ambiguous: boolean;
  readonly durationMs: number;
  /** How many jobs went this way together. */
  readonly jobs: number;
}

/** A finished run, published on `trivet:queue:job`. */
export interface JobRunEvent {
  readonly job: string;
  readonly lane: Lane;
  /**
   * `duplicate`: the ledger knew the job, so its effects were not made again. `postponed`: nothing that the job is to
   * blame for kept it from running, so this was no try.
   */
  readonly outcome: 'done' | 'duplicate' | 'failed' | 'postponed';
  readonly durationMs: number;
}

/** What waits in the outbox of a queue, published on `trivet:queue:outbox` by each worker every few seconds. */
export interface OutboxEvent {
  readonly queue: string;
  readonly rows: number;
  readonly bytes: number;
  /** Age of the oldest row that is due and not yet sent, seconds. */
  readonly oldestSeconds: number;
}

/** Rows that a relay has moved from the outbox to Redis, published on `trivet:queue:relay`. */
export interface RelayEvent {
  readonly queue: string;
  readonly rows: number;
  readonly durationMs: number;
}

/** Jobs by state in a queue's Redis, published on `trivet:queue:counts` by each worker every few seconds. */
export interface JobCountsEvent {
  readonly queue: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** Jobs that will not be tried again by themselves, published on `trivet:queue:dead`. */
export interface DeadLetterEvent {
  readonly queue: string;
  readonly job: string;
  readonly reason: DeadReason;
}

/** Jobs put back into the outbox because their Redis may have lost them, published on `trivet:queue:readded`. */
export interface JobsReaddedEvent {
  readonly jobs: number;
}

/** Facts about added jobs; the message is a {@link JobAddEvent}. */
export const jobAddChannel = channel('trivet:queue:add');

/** Facts about finished runs; the message is a {@link JobRunEvent}. */
export const jobRunChannel = channel('trivet:queue:job');

/** Facts about outboxes; the message is an {@link OutboxEvent}. */
export const outboxChannel = channel('trivet:queue:outbox');

/** Facts about relays; the message is a {@link RelayEvent}. */
export const relayChannel = channel('trivet:queue:relay');

/** Facts about queues; the message is a {@link JobCountsEvent}. */
export const jobCountsChannel = channel('trivet:queue:counts');

/** Facts about dead letters; the message is a {@link DeadLetterEvent}. */
export const deadLetterChannel = channel('trivet:queue:dead');

/** Facts about recoveries; the message is a {@link JobsReaddedEvent}. */
export const jobsReaddedChannel = channel('trivet:queue:readded');
