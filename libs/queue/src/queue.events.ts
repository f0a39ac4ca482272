import { channel } from 'node:diagnostics_channel';

/** How a job is carried: by the queue's Redis, or at once in the process that added it. */
export type Lane = 'queue' | 'inline';

/** An accepted or refused job, published on `trivet:queue:add`. */
export interface JobAddEvent {
  readonly queue: string;
  readonly job: string;
  readonly placed: Lane | 'rejected';
  /** Whether Redis may hold the job although it did not say so. */
  readonly ambiguous: boolean;
  readonly durationMs: number;
}

/** A finished run, published on `trivet:queue:job`. */
export interface JobRunEvent {
  readonly job: string;
  readonly lane: Lane;
  /** `duplicate`: the ledger knew the job, so its effects were not made again. */
  readonly outcome: 'done' | 'duplicate' | 'failed';
  readonly durationMs: number;
}

/** Facts about added jobs; the message is a {@link JobAddEvent}. */
export const jobAddChannel = channel('trivet:queue:add');

/** Facts about finished runs; the message is a {@link JobRunEvent}. */
export const jobRunChannel = channel('trivet:queue:job');
