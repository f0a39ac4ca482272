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

/** Jobs on PostgreSQL's disk, until a worker sends them to Redis or runs them itself. */
export class Outbox {
  readonly #database: Database;
  readonly #room: OutboxRoom;
  readonly #commit: GroupCommit;

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
    return this.#database.onApplicationShutdown();
  }
}
