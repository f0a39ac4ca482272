import type { GuardedRedis } from '@trivet/redis';
import type { Queue } from 'bullmq';
import type { OutboxClaims } from '../outbox/outbox-claims.js';
import { jobCountsChannel, outboxChannel, type JobCountsEvent, type OutboxEvent } from '../queue.events.js';
import type { Burial } from './burial.js';

/** What a {@link Sweeper} works with. */
export interface SweeperParts {
  readonly redis: GuardedRedis;
  readonly claims: OutboxClaims;
  readonly burial: Burial;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly maxAgeHours: number;
}

/** No copy of a job is older than this, so nobody asks the ledger for an older one. */
const ledgerDays = 14;
/** A sent row whose job is not done by then is sent again, in case its loss went unnoticed. */
const resendAfterMinutes = 10;
const resentAtOnce = 1000;

const counts = { name: 'queue.counts', kind: 'read', ownConnection: true, deadlineMs: 1000 } as const;

/** Keeps the tables small, resends what has been under way for long, and measures. Each step is safe in many workers at once. */
export class Sweeper {
  constructor(private readonly parts: SweeperParts) {}

  /** @returns whether there may be more to remove */
  async step(): Promise<boolean> {
    const { claims, burial, maxAgeHours } = this.parts;
    const removed = await claims.removeDone();
    for (const row of await claims.buryOlderThan(maxAgeHours)) burial.tell(row, 'too-old');
    await claims.forgetDone(ledgerDays);
    await claims.unsendOlderThan(resendAfterMinutes, resentAtOnce);
    await this.#measureOutbox();
    await this.#measureQueues();
    return removed >= resentAtOnce;
  }

  async #measureOutbox(): Promise<void> {
    if (!outboxChannel.hasSubscribers) return;
    const measured = new Map((await this.parts.claims.measure()).map((event) => [event.queue, event]));
    for (const queue of this.parts.queues.keys()) {
      const event = measured.get(queue) ?? { queue, rows: 0, bytes: 0, oldestSeconds: 0 };
      outboxChannel.publish(event satisfies OutboxEvent);
    }
  }

  async #measureQueues(): Promise<void> {
    if (!jobCountsChannel.hasSubscribers) return;
    for (const [name, queue] of this.parts.queues) {
      const count = () => queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
      const event = await this.parts.redis.attempt(counts, count, () => undefined);
      if (event) jobCountsChannel.publish({ queue: name, counts: event } satisfies JobCountsEvent);
    }
  }
}
