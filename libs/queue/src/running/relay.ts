import { RedisUnavailableError, type GuardedRedis } from '@trivet/redis';
import type { Queue } from 'bullmq';
import { bullOptions } from '../jobs/bull-options.js';
import { addJobs, type BulkJob } from '../jobs/bulk-script.js';
import type { JobDefinition } from '../jobs/job.js';
import type { JobRunner } from '../jobs/job-runner.js';
import { envelopeJson, type ClaimedRow, type OutboxClaims } from '../outbox/outbox-claims.js';
import { relayChannel, type RelayEvent } from '../queue.events.js';
import type { Burial } from './burial.js';
import { SendWindow } from './send-window.js';

/** What a {@link Relay} works with. */
export interface RelayParts {
  readonly redis: GuardedRedis;
  readonly claims: OutboxClaims;
  readonly burial: Burial;
  /** Runs jobs in the same process. */
  readonly runner: Pick<JobRunner, 'idleMs'>;
  /** One for each queue, on a connection that bears a bulk. */
  readonly queues: ReadonlyMap<string, Queue>;
  readonly jobs: ReadonlyMap<string, JobDefinition>;
}

/** What has become of the rows of a round: sent, or still left, or else set aside. */
interface Round {
  readonly left: Set<string>;
  readonly sent: string[];
}

const bulk = { name: 'queue.relay', kind: 'write', ownConnection: true, deadlineMs: 5000 } as const;
const mostRows = 1000;
const fewestRows = 50;
/** A round must be over long before its leases are, and leave PostgreSQL to others in between when the machine is crowded. */
const longRoundMs = 500;
/** Redis answers nobody else while it takes a bulk, so a bulk must be short: this many take it a millisecond or two. */
const rowsPerBulk = 25;
/** A process that has run no job for so long does nothing but relay. */
const longIdleMs = 1000;
/** Tries of a row that Redis takes no part of, the pause doubling each time from one second. */
const mostTries = 5;

/**
 * Moves rows from the outbox to Redis: claim, send, mark, each on its own, so that no transaction waits for Redis. A
 * crash in between leaves the row to the next, with the same id. An outage is nobody's try; a row that fails where others
 * do not is tried alone, and becomes a dead letter in the end.
 */
export class Relay {
  readonly #window: SendWindow;
  #rows = fewestRows;
  #era = 0;

  constructor(private readonly parts: RelayParts) {
    this.#window = new SendWindow(() => parts.runner.idleMs > longIdleMs);
  }

  /** After an outage: Redis is cold and everybody comes back at once, so begin slowly. */
  slowDown(): void {
    this.#rows = fewestRows;
    this.#window.reset();
  }

  /** Redis may have lost what it acknowledged until now: what is under way will not be marked as sent. */
  distrust(): void {
    this.#era += 1;
    this.slowDown();
  }

  /** @returns whether there may be more */
  async round(): Promise<boolean> {
    const { claims, queues } = this.parts;
    const [era, limit] = [this.#era, this.#rows];
    const startedAt = performance.now();
    const rows = await claims.claim([...queues.keys()], limit);
    const round: Round = { left: new Set(rows.map(({ id }) => id)), sent: [] };
    try {
      for (const [name, queue] of queues)
        await this.#send(
          queue,
          rows.filter((row) => row.queue === name),
          round,
        );
      const isLong = performance.now() - startedAt > longRoundMs;
      this.#rows = isLong ? Math.max(fewestRows, Math.floor(limit / 2)) : Math.min(mostRows, 2 * limit);
    } finally {
      const { left, sent } = round;
      const isTrusted = era === this.#era;
      const back = isTrusted ? [...left] : [...left, ...sent];
      if (isTrusted && sent.length > 0) await claims.markSent(sent);
      if (back.length > 0) await claims.release(back);
    }
    return rows.length === limit;
  }

  /** @throws {RedisUnavailableError} when every bulk under way has ended */
  async #send(queue: Queue, rows: readonly ClaimedRow[], round: Round): Promise<void> {
    const slices: (readonly ClaimedRow[])[] = [];
    for (let from = 0; from < rows.length; from += rowsPerBulk)
      slices.push(rows.slice(from, from + rowsPerBulk));
    const lane = async () => {
      for (let slice = slices.shift(); slice; slice = slices.shift())
        await this.#sendBulk(queue, slice, round);
    };
    const ends = await Promise.allSettled(Array.from({ length: SendWindow.mostAtOnce }, lane));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #sendBulk(queue: Queue, slice: readonly ClaimedRow[], round: Round): Promise<void> {
    const isFull = slice.length === rowsPerBulk;
    await this.#window
      .run(isFull, () => this.#addBulk(queue, slice))
      .then(
        () => slice.forEach(({ id }) => note(round, id)),
        (error: unknown) => this.#sendOneByOne(queue, slice, round, error),
      );
  }

  async #addBulk(queue: Queue, rows: readonly ClaimedRow[]): Promise<void> {
    const startedAt = performance.now();
    await this.parts.redis.attempt(bulk, async () => {
      // BullMQ takes a part of a job for the job, and would never run it.
      await Promise.all(rows.filter(({ isPartial }) => isPartial).map(({ id }) => queue.remove(id)));
      await addJobs(
        queue,
        rows.map((row) => this.#toJob(row)),
      );
    });
    const event = { queue: queue.name, rows: rows.length, durationMs: performance.now() - startedAt };
    relayChannel.publish(event satisfies RelayEvent);
  }

  /** Something is wrong with a row, unless it is with Redis. */
  async #sendOneByOne(
    queue: Queue,
    rows: readonly ClaimedRow[],
    round: Round,
    trouble: unknown,
  ): Promise<void> {
    if (isOutage(trouble)) throw trouble;
    for (const row of rows) {
      try {
        // The bulk that failed may have left a part of it.
        await this.#addBulk(queue, [{ ...row, isPartial: true }]);
        note(round, row.id);
      } catch (error) {
        if (isOutage(error)) throw error;
        round.left.delete(row.id);
        await this.#setAside(row, error);
      }
    }
  }

  async #setAside(row: ClaimedRow, error: unknown): Promise<void> {
    const { claims, burial } = this.parts;
    const tries = row.attempts + 1;
    if (tries >= mostTries) await burial.bury(row, 'poison', error);
    else await claims.postpone(row.id, 1000 * 2 ** row.attempts, 'partial');
  }

  #toJob(row: ClaimedRow): BulkJob {
    const { id, job: name, attempts } = row;
    const definition = this.parts.jobs.get(name);
    // Tries that a worker made while Redis was away count.
    const remaining = Math.max(1, (definition?.attempts ?? 1) - attempts);
    const options = JSON.stringify({ ...(definition && bullOptions(definition)), attempts: remaining });
    return { id, name, options, data: envelopeJson(row) };
  }
}

function note({ left, sent }: Round, id: string): void {
  left.delete(id);
  sent.push(id);
}

/** A reply that blames a command is no outage. */
const isOutage = (error: unknown): boolean => error instanceof RedisUnavailableError && !error.partial;
