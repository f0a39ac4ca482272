import type { FailureReason } from './classify.js';

/** What {@link RedisUnavailableError} is made of. */
export interface Unavailability {
  /** The group: `session`, `cache`, `queue` or the app's own. */
  readonly group: string;
  /** The operation's name, e.g. `session.read`; never a key. */
  readonly operation: string;
  readonly reason: FailureReason;
  readonly cause?: unknown;
}

/**
 * A call did not get its answer from the group's Redis: it was refused, ran out of time, or was not even sent because
 * the group is known to be away. It never carries a key or a value.
 */
export class RedisUnavailableError extends Error implements Unavailability {
  readonly code = 'REDIS_UNAVAILABLE';
  override readonly name = 'RedisUnavailableError';
  readonly group: string;
  readonly operation: string;
  readonly reason: FailureReason;

  constructor({ group, operation, reason, cause }: Unavailability) {
    super(`The ${group} Redis did not serve ${operation} (${reason}).`, { cause });
    this.group = group;
    this.operation = operation;
    this.reason = reason;
  }

  /** Whether Redis may have carried the command out although no good answer came back. */
  get ambiguous(): boolean {
    return this.reason === 'deadline' || this.reason === 'connection-lost' || this.reason === 'protocol';
  }

  /** Whether Redis blamed a command: of a script, which it does not undo, a part may have been carried out. */
  get partial(): boolean {
    return this.reason === 'wrong-type' || this.reason === 'rejected';
  }
}

/** A call's time ran out; becomes the `cause` of a {@link RedisUnavailableError}. */
export class DeadlineExceededError extends Error {
  readonly code = 'DEADLINE_EXCEEDED';
  override readonly name = 'DeadlineExceededError';

  constructor(deadlineMs: number) {
    super(`No answer within ${deadlineMs} ms.`);
  }
}
