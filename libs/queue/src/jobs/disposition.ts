import { DatabaseUnavailableError } from '@trivet/database';
import {
  HopelessJobError,
  InvalidJobPayloadError,
  JobVersionError,
  UnknownJobError,
} from '../queue.errors.js';

/** A job that nobody knows, or not yet, waits this long for a process that does; then it is a dead letter. */
export const parkedAtMostMs = 24 * 3600 * 1000;

/** What a failed run says about the next. `postponed`: the job is not to blame, so this was no try. */
export type Disposition = 'retry' | 'postponed' | 'hopeless';

/** Judges a failure. A job of a newer version, or one that is not known here, is left to a process that is newer. */
export function dispositionOf(error: unknown): Disposition {
  if (error instanceof InvalidJobPayloadError || error instanceof HopelessJobError) return 'hopeless';
  if (error instanceof JobVersionError) return error.given > error.known ? 'postponed' : 'hopeless';
  if (error instanceof UnknownJobError || error instanceof DatabaseUnavailableError) return 'postponed';
  return 'retry';
}

/** Whether a failed run was no try. */
export const isPostponed = (error: unknown): boolean => dispositionOf(error) === 'postponed';

/** How long a postponed job rests: shortly while the database is away, longer while a roll-out is under way. */
export function restMs(error: unknown): number {
  return error instanceof DatabaseUnavailableError ? 1000 : 15_000;
}
