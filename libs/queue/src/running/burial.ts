import type { DeadReason } from '../dead-letters/dead-letter.js';
import type { BuriedRow, ClaimedRow, OutboxClaims } from '../outbox/outbox-claims.js';
import { deadLetterChannel, type DeadLetterEvent } from '../queue.events.js';
import type { QuietLog } from './quiet-log.js';

/** Makes dead letters and tells of them: of every one on the channel, and without noise in the log. */
export class Burial {
  constructor(
    private readonly claims: OutboxClaims,
    private readonly log: QuietLog,
  ) {}

  /** Moves a row that is claimed to the dead letters. */
  async bury(row: ClaimedRow, reason: DeadReason, error: unknown): Promise<void> {
    await this.claims.bury(row.id, reason, String(error));
    this.tell(row, reason);
  }

  /** Tells of a job that has become a dead letter. */
  tell({ queue, job }: BuriedRow, reason: DeadReason): void {
    deadLetterChannel.publish({ queue, job, reason } satisfies DeadLetterEvent);
    const fields = { event: 'job_dead', queue, job, reason };
    this.log.warn(`job_dead ${queue}`, 'A job will not be tried again by itself', fields);
  }
}
