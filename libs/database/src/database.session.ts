import type { PgPreparedQuery, PreparedQueryConfig } from 'drizzle-orm/pg-core';
import { NodePgSession } from 'drizzle-orm/node-postgres';
import { DatabaseUnavailableError, toDatabaseError } from './database.errors.js';

/** Drizzle's session with errors that say what failed without quoting parameters. */
export class DatabaseSession extends NodePgSession<Record<string, never>, Record<string, never>> {
  /** Set when the connection can no longer be trusted; a pool has to drop it. */
  broken: Error | undefined;

  override prepareQuery<T extends PreparedQueryConfig = PreparedQueryConfig>(
    ...args: Parameters<NodePgSession<Record<string, never>, Record<string, never>>['prepareQuery']>
  ): PgPreparedQuery<T> {
    const prepared = super.prepareQuery<T>(...args);
    const execute = prepared.execute.bind(prepared);
    prepared.execute = (values) => execute(values).catch((error: unknown) => this.#report(error));
    return prepared;
  }

  #report(error: unknown): never {
    const failure = toDatabaseError(error);
    if (failure instanceof DatabaseUnavailableError) this.broken = failure;
    throw failure;
  }
}
