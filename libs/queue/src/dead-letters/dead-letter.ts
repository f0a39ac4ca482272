/**
 * Why a job will not be tried again by itself. `failed`: every attempt failed. `poison`: it cannot be sent or read.
 * `too-old`: it waited in the outbox for longer than it may.
 */
export type DeadReason = 'failed' | 'poison' | 'too-old';

/** A job that was accepted and could not be done. It waits for somebody to redrive or to discard it. */
export interface DeadLetter {
  readonly id: string;
  readonly queue: string;
  readonly job: string;
  readonly version: number;
  readonly payload: unknown;
  readonly reason: DeadReason;
  /** The last failure's name and message. */
  readonly error: string;
  readonly attempts: number;
  readonly addedAt: Date;
  readonly diedAt: Date;
}

/** Which dead letters are meant; every given field narrows. */
export interface DeadLetterFilter {
  readonly ids?: readonly string[];
  readonly queue?: string;
  readonly job?: string;
  readonly reason?: DeadReason;
  readonly diedAfter?: Date;
  readonly diedBefore?: Date;
}

/** How a redrive goes about it. */
export interface RedriveOptions {
  /** Counts what would be redriven, and does nothing. @default false */
  readonly dryRun?: boolean;
  /** Spreads the jobs so that no more than this become due in a second. @default all at once */
  readonly perSecond?: number;
  /** Redrives no more than this, the oldest first. @default all that match */
  readonly limit?: number;
}
