import { type Database, DatabaseUnavailableError } from '@trivet/database';
import { OutboxUnavailableError } from '../queue.errors.js';
import { insertRows, type NewOutboxRow } from './outbox-row.js';

interface Waiting {
  readonly rows: readonly NewOutboxRow[];
  readonly resolve: () => void;
  readonly reject: (error: OutboxUnavailableError) => void;
  gaveUp: boolean;
}

/** Statements under way at once: while one is being written to the disk, the next one fills. */
const mostStatements = 2;
const mostRowsPerStatement = 1000;
/** What waits in memory while PostgreSQL does not answer. */
const mostWaitingRows = 20_000;

/**
 * Commits adds that are in flight at the same time together, in one INSERT. Nobody waits for company: the first add goes
 * out with the next turn of the event loop, and what comes while it is being written goes out with the one after.
 */
export class GroupCommit {
  #waiting: Waiting[] = [];
  #waitingRows = 0;
  #statements = 0;
  #scheduled = false;

  constructor(private readonly database: Database) {}

  /** Settles when the rows are on PostgreSQL's disk. @throws {OutboxUnavailableError} at the latest after the deadline */
  add(rows: readonly NewOutboxRow[], deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waitingRows >= mostWaitingRows) return reject(new OutboxUnavailableError('no-answer'));
      const entry: Waiting = {
        rows,
        gaveUp: false,
        resolve: () => (clearTimeout(timer), resolve()),
        reject: (error) => (clearTimeout(timer), reject(error)),
      };
      const giveUp = () => {
        entry.gaveUp = true;
        reject(new OutboxUnavailableError('no-answer'));
      };
      // An answer that came while this process was held up is read first.
      const timer = setTimeout(() => setImmediate(giveUp), deadlineMs);
      this.#waiting.push(entry);
      this.#waitingRows += rows.length;
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#statements >= mostStatements || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#commit(this.#take());
      this.#schedule();
    });
  }

  /** Whose callers have given up is not worth a write. */
  #take(): Waiting[] {
    const taken: Waiting[] = [];
    let rows = 0;
    let looked = 0;
    for (const entry of this.#waiting) {
      if (rows > 0 && rows + entry.rows.length > mostRowsPerStatement) break;
      looked += 1;
      this.#waitingRows -= entry.rows.length;
      if (entry.gaveUp) continue;
      rows += entry.rows.length;
      taken.push(entry);
    }
    this.#waiting = this.#waiting.slice(looked);
    return taken;
  }

  async #commit(entries: readonly Waiting[]): Promise<void> {
    if (entries.length === 0) return;
    this.#statements += 1;
    try {
      await insertRows(
        this.database,
        entries.flatMap(({ rows }) => rows),
      );
      for (const { resolve } of entries) resolve();
    } catch (error) {
      if (entries.length === 1 || error instanceof DatabaseUnavailableError) {
        const reason = error instanceof DatabaseUnavailableError ? 'no-answer' : 'refused';
        for (const { reject } of entries) reject(new OutboxUnavailableError(reason, error));
      } else {
        // One add that PostgreSQL refuses is not its neighbours' trouble.
        await Promise.all(entries.map((entry) => this.#commit([entry])));
      }
    } finally {
      this.#statements -= 1;
      this.#schedule();
    }
  }
}
