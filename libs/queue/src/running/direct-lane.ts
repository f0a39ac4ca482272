import type { Envelope } from '../jobs/envelope.js';
import type { JobDefinition } from '../jobs/job.js';
import { dispositionOf, restMs } from '../jobs/disposition.js';
import type { JobRunner } from '../jobs/job-runner.js';
import { envelopeJson, leaseMs, type ClaimedRow, type OutboxClaims } from '../outbox/outbox-claims.js';
import type { Burial } from './burial.js';

/** What a {@link DirectLane} works with. */
export interface DirectLaneParts {
  readonly claims: OutboxClaims;
  readonly burial: Burial;
  readonly runner: JobRunner;
  readonly jobs: ReadonlyMap<string, JobDefinition>;
  readonly queues: readonly string[];
  /** Rows that are run at once. */
  readonly concurrency: number;
  /** Called when a place has become free. */
  readonly freed: () => void;
}

/**
 * Runs jobs straight from the outbox while Redis is away. A row stays leased, and is renewed, while its job runs; should
 * a lease be lost all the same, the ledger lets only one run have its effect.
 */
export class DirectLane {
  readonly #running = new Map<string, Promise<void>>();
  #renewal: NodeJS.Timeout | undefined;
  #reserved = 0;

  constructor(private readonly parts: DirectLaneParts) {}

  /** Starts what there is room for. @returns whether there may be more */
  async round(): Promise<boolean> {
    const { claims, queues, concurrency } = this.parts;
    const room = concurrency - this.#running.size - this.#reserved;
    if (room <= 0) return false;
    this.#reserved += room;
    const rows = await claims.claim(queues, room).finally(() => (this.#reserved -= room));
    for (const row of rows) this.#start(row);
    return rows.length === room && this.#running.size < concurrency;
  }

  /** Settles when the jobs under way have ended. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  /** Gives up on the jobs under way; their leases run out. */
  abandon(): void {
    clearInterval(this.#renewal);
  }

  #start(row: ClaimedRow): void {
    this.#renewal ??= setInterval(() => this.#renew(), leaseMs / 3).unref();
    const run = this.#run(row).finally(() => {
      this.#running.delete(row.id);
      this.parts.freed();
    });
    // PostgreSQL went away before the outcome was written down: the lease runs out and the ledger knows the rest.
    this.#running.set(
      row.id,
      run.catch(() => undefined),
    );
  }

  #renew(): void {
    const ids = [...this.#running.keys()];
    if (ids.length > 0) this.parts.claims.renew(ids).catch(() => undefined);
  }

  async #run(row: ClaimedRow): Promise<void> {
    const { claims, runner } = this.parts;
    const { id, job: name } = row;
    const envelope = JSON.parse(envelopeJson(row)) as Envelope;
    const signal = AbortSignal.timeout(runner.maxMsOf(name));
    try {
      await runner.run({ id, name, envelope, lane: 'outbox', signal });
    } catch (error) {
      return this.#fail(row, error);
    }
    await claims.remove(id);
  }

  async #fail(row: ClaimedRow, error: unknown): Promise<void> {
    const { claims, burial, jobs } = this.parts;
    const { attempts = 1, backoffMs = 500 } = jobs.get(row.job) ?? {};
    switch (dispositionOf(error)) {
      case 'postponed':
        return claims.postpone(row.id, restMs(error), 'no-try');
      case 'hopeless':
        return burial.bury(row, 'failed', error);
      case 'retry':
        if (row.attempts + 1 >= attempts) return burial.bury(row, 'failed', error);
        return claims.postpone(row.id, backoff(backoffMs, row.attempts), 'try');
    }
  }
}

/** Exponential, with the upper half jittered, as BullMQ's own. */
const backoff = (firstMs: number, failed: number): number =>
  firstMs * 2 ** failed * (0.5 + Math.random() / 2);
