import { Injectable } from '@nestjs/common';
import { Database, type DatabaseExecutor } from '@trivet/database';
import { desc, eq, sql } from 'drizzle-orm';
import { notes } from '../academy.schema.js';

/** A note, and the job that wrote it. */
export interface Note {
  readonly jobId: string;
  readonly text: string;
  readonly at: Date;
}

const MAX_LISTED = 100;

const prepareList = (database: Database) =>
  database
    .select({ jobId: notes.jobId, text: notes.text, at: notes.at })
    .from(notes)
    .where(eq(notes.userId, sql.placeholder('userId')))
    .orderBy(desc(notes.id))
    .limit(sql.placeholder('limit'))
    .prepare('academy.notes');

/** What people write down; written by the job `academy.append-note`. */
@Injectable()
export class Notes {
  readonly #list: ReturnType<typeof prepareList>;

  constructor(private readonly database: Database) {
    this.#list = prepareList(database);
  }

  /** Adds a row, each time it is called. */
  async append(userId: string, note: Note, executor: DatabaseExecutor = this.database): Promise<void> {
    await executor.insert(notes).values({ userId, ...note });
  }

  /** A person's notes, newest first, at most 100. */
  async list(userId: string, limit = MAX_LISTED): Promise<Note[]> {
    return this.#list.execute({ userId, limit: Math.min(limit, MAX_LISTED) });
  }
}
