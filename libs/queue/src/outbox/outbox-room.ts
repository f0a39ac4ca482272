import type { Database } from '@trivet/database';
import { sql } from 'drizzle-orm';
import type { Importance } from '../jobs/job.js';
import { OutboxUnavailableError } from '../queue.errors.js';

/** How large an outbox may grow, for each queue. */
export interface OutboxCaps {
  readonly maxRows: number;
  readonly maxBytes: number;
}

const shares: Record<Importance, number> = { low: 0.5, normal: 0.8, high: 1 };
const lookAgainAfterMs = 1000;

interface Filling {
  rows: number;
  bytes: number;
  lookedAt: number;
}

/**
 * Refuses an add for which the outbox has no room. What has been accepted is never thrown away; less important jobs are
 * turned away earlier, so that the important ones find room. It looks at most once a second and counts along in
 * between, so that several processes may overshoot by what they add in a second.
 */
export class OutboxRoom {
  readonly #fillings = new Map<string, Filling>();

  constructor(
    private readonly database: Database,
    private readonly caps: OutboxCaps,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws {OutboxUnavailableError} `full` */
  take(queue: string, importance: Importance, jobs: number): void {
    const filling = this.#fillingOf(queue);
    const share = shares[importance];
    const hasRoom =
      filling.rows + jobs <= share * this.caps.maxRows && filling.bytes < share * this.caps.maxBytes;
    if (!hasRoom) throw new OutboxUnavailableError('full');
    filling.rows += jobs;
  }

  #fillingOf(queue: string): Filling {
    const known = this.#fillings.get(queue);
    const filling = known ?? { rows: 0, bytes: 0, lookedAt: -Infinity };
    if (!known) this.#fillings.set(queue, filling);
    if (this.now() - filling.lookedAt > lookAgainAfterMs) {
      filling.lookedAt = this.now();
      // The add does not wait for the answer; without one, the last is as good as any.
      void this.#look(queue, filling).catch(() => undefined);
    }
    return filling;
  }

  async #look(queue: string, filling: Filling): Promise<void> {
    const { rows } = await this.database.execute<{ rows: string; bytes: string }>(
      sql`select count(*) as rows, coalesce(sum(bytes), 0) as bytes from queue.outbox where queue = ${queue}`,
    );
    filling.rows = Number(rows[0]?.rows);
    filling.bytes = Number(rows[0]?.bytes);
  }
}
