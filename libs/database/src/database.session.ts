import type { PgDialect, PgPreparedQuery, PreparedQueryConfig } from 'drizzle-orm/pg-core';
import { NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { DatabaseUnavailableError, toDatabaseError, TransactionAbortedError } from './database.errors.js';
import type { DatabaseTransaction } from './database.js';

/** Drizzle's session with errors that say what failed without quoting parameters. */
export class DatabaseSession extends NodePgSession<Record<string, never>, Record<string, never>> {
  /** Set when the connection can no longer be trusted; a pool has to drop it. */
  broken: Error | undefined;

  constructor(
    private readonly connection: Pool | PoolClient,
    dialect: PgDialect,
  ) {
    super(connection, dialect, undefined);
  }

  override prepareQuery<T extends PreparedQueryConfig = PreparedQueryConfig>(
    ...args: Parameters<NodePgSession<Record<string, never>, Record<string, never>>['prepareQuery']>
  ): PgPreparedQuery<T> {
    const prepared = super.prepareQuery<T>(...args);
    const execute = prepared.execute.bind(prepared);
    prepared.execute = (values) => execute(values).catch((error: unknown) => this.#report(error));
    return prepared;
  }

  /** A transaction on this one connection. @param opening statements without parameters that travel with BEGIN */
  async transactionAfter<T>(
    opening: string,
    run: (transaction: DatabaseTransaction, rowCount: number) => Promise<T>,
  ): Promise<T> {
    try {
      const opened = await this.#send(`begin; ${opening}`);
      const result = await run(new NodePgTransaction(this.dialect, this, undefined), opened.rowCount ?? 0);
      // PostgreSQL answers COMMIT of a transaction that has failed without an error.
      if ((await this.#send('commit')).command !== 'COMMIT') throw new TransactionAbortedError();
      return result;
    } catch (error) {
      // The caller has to hear what went wrong first. On a connection that is gone there is nothing to take back.
      if (!this.broken) await this.#send('rollback').catch(() => undefined);
      throw error;
    }
  }

  /** @returns what the last statement came to */
  async #send(statements: string): Promise<QueryResult> {
    const results = await this.connection.query(statements).catch((error: unknown) => this.#report(error));
    return [results].flat().at(-1) as QueryResult;
  }

  #report(error: unknown): never {
    const failure = toDatabaseError(error);
    if (failure instanceof DatabaseUnavailableError) this.broken = failure;
    throw failure;
  }
}
