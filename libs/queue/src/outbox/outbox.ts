import type { Database, DatabaseTransaction } from '@trivet/database';
import type { Importance } from '../jobs/job.js';
import { GroupCommit } from './group-commit.js';
import { insertRows, type NewOutboxRow } from './outbox-row.js';
import { OutboxRoom, type OutboxCaps } from './outbox-room.js';

/** What an add hands to the outbox: one job, or several of a kind. */
export interface Placement {
  readonly rows: readonly NewOutboxRow[];
  readonly queue: string;
  readonly importance: Importance;
}

/** Shorter than what a pool lets its connections idle for. */
const warmEveryMs = 5000;

/** Jobs on PostgreSQL's disk, until a worker sends them to Redis or runs them itself. */
export class Outbox {
  readonly #database: Database;
  readonly #room: OutboxRoom;
  readonly #commit: GroupCommit;
  #warming: NodeJS.Timeout | undefined;

  /** A pool of its own: an outage of Redis must not take the app's own connections. */
  constructor(app: Database, caps: OutboxCaps) {
    this.#database = app.beside({
      maxConnections: 3,
      connectTimeoutMs: 1000,
      statementTimeoutMs: 2000,
    });
    this.#room = new OutboxRoom(this.#database, caps);
    this.#commit = new GroupCommit(this.#database);
  }

  /**
   * Opens a connection and keeps it open: opening one costs as much as an add may take, and the first one that needs
   * it is made in an outage. Settles with the first answer, or without one after the deadline.
   */
  async warmUp(deadlineMs: number): Promise<void> {
    const ping = (patienceMs: number) => this.#database.ping(patienceMs).catch(() => undefined);
    this.#warming ??= setInterval(() => void ping(warmEveryMs), warmEveryMs).unref();
    await ping(deadlineMs);
  }

  /** Settles when the jobs are committed. @throws {OutboxUnavailableError} at the latest after the deadline */
  async add({ rows, queue, importance }: Placement, deadlineMs: number): Promise<void> {
    this.#room.take(queue, importance, rows.length);
    await this.#commit.add(rows, deadlineMs);
  }

  /** Adds jobs to a transaction, which makes them real when it commits. @throws {OutboxUnavailableError} `full` */
  async addWithin(tx: DatabaseTransaction, { rows, queue, importance }: Placement): Promise<void> {
    this.#room.take(queue, importance, rows.length);
    await insertRows(tx, rows);
  }

  close(): Promise<void> {
    clearInterval(this.#warming);
    return this.#database.onApplicationShutdown();
  }
}
