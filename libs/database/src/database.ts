import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import { NodePgDatabase, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import { type PgDatabase, PgDialect, type PgTransactionConfig } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';
import { DatabaseUnavailableError, rethrow } from './database.errors.js';
import { databaseConnectionLostChannel } from './database.events.js';
import { Listener } from './database.listener.js';
import {
  type DatabaseOptions,
  type ResolvedDatabaseOptions,
  resolveDatabaseOptions,
} from './database.options.js';
import { DatabaseSession } from './database.session.js';

/** What `database.transaction(async (tx) => ...)` hands to its callback. */
export type DatabaseTransaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];

/** Either a {@link Database} or a {@link DatabaseTransaction}: for code that runs inside and outside of one. */
export type DatabaseExecutor = PgDatabase<NodePgQueryResultHKT, Record<string, never>>;

const SHUTDOWN_DEADLINE_MS = 3_000;

/**
 * PostgreSQL as a Drizzle database over a pool of its own, and its own injection token. The pool connects when first
 * asked, so an app boots without PostgreSQL and recovers by itself. Calls reject with {@link DatabaseUnavailableError}
 * or `DatabaseQueryError`, within the deadlines of the options.
 */
export class Database extends NodePgDatabase implements OnApplicationShutdown {
  readonly #options: ResolvedDatabaseOptions;
  readonly #dialect: PgDialect;
  readonly #pool: Pool;
  readonly #sockets = new Set<Socket>();

  constructor(options: DatabaseOptions) {
    const resolved = resolveDatabaseOptions(options);
    const { applicationName } = resolved;
    const pool = new Pool({
      connectionString: resolved.url,
      application_name: applicationName,
      max: resolved.maxConnections,
      connectionTimeoutMillis: resolved.connectTimeoutMs,
      statement_timeout: resolved.statementTimeoutMs,
      // The server's own timeout answers first; this one is for a server that does not answer at all.
      query_timeout: resolved.statementTimeoutMs + 250,
      ...(resolved.durableCommits ? {} : { options: '-c synchronous_commit=off' }),
      keepAlive: true,
      stream: () => this.#openSocket(),
    });
    const dialect = new PgDialect();
    super(dialect, new DatabaseSession(pool, dialect), undefined);
    this.#options = resolved;
    this.#dialect = dialect;
    this.#pool = pool;
    this.#watch(applicationName);
  }

  override transaction<T>(
    run: (transaction: DatabaseTransaction) => Promise<T>,
    config?: PgTransactionConfig,
  ): Promise<T> {
    return this.transactionAfter('', async (transaction) => {
      if (config) await transaction.setTransaction(config);
      return run(transaction);
    });
  }

  /**
   * A transaction whose first statement goes to the server together with BEGIN, which saves a round trip and most of what
   * Drizzle does for a statement.
   *
   * @param opening SQL without parameters: quote each value by `escapeLiteral`
   * @param run is also told how many rows `opening` has changed
   */
  async transactionAfter<T>(
    opening: string,
    run: (transaction: DatabaseTransaction, rowCount: number) => Promise<T>,
  ): Promise<T> {
    const client = await this.#pool.connect().catch(rethrow);
    const session = new DatabaseSession(client, this.#dialect);
    try {
      return await session.transactionAfter(opening, run);
    } finally {
      client.release(session.broken);
    }
  }

  /**
   * The same server through a pool of its own, so that neither pool's callers can starve the other's. Whoever asks for it
   * ends it by `onApplicationShutdown`.
   */
  beside(bounds: Omit<DatabaseOptions, 'url'>): Database {
    return new Database({ ...this.#options, ...bounds });
  }

  /**
   * Calls `heard` at every NOTIFY on a channel, over a connection of its own that comes back by itself; also after each
   * connect, since what was said before went unheard. A safety net has to poll now and then all the same.
   *
   * @returns the end of listening
   */
  listen(channel: string, heard: () => void): () => Promise<void> {
    const { url, applicationName, connectTimeoutMs } = this.#options;
    const listener = new Listener({ url, applicationName, connectTimeoutMs, channel, heard });
    listener.start();
    return () => listener.stop();
  }

  /** Resolves when PostgreSQL answers within the deadline. @throws DatabaseUnavailableError */
  async ping(deadlineMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new DatabaseUnavailableError(new Error(`no answer in ${deadlineMs} ms`))),
        deadlineMs,
      );
    });
    const answer = this.#pool.query('select 1').catch(rethrow);
    await Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  /** Lets running statements end within a deadline; a server that hangs does not hold the process. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.race([this.#pool.end(), delay(SHUTDOWN_DEADLINE_MS, undefined, { ref: false })]);
    for (const socket of this.#sockets) socket.destroy();
  }

  #openSocket(): Socket {
    const socket = new Socket();
    this.#sockets.add(socket);
    return socket.once('close', () => this.#sockets.delete(socket));
  }

  #watch(applicationName: string): void {
    this.#pool.on('error', (error) => databaseConnectionLostChannel.publish({ applicationName, error }));
    // Without a listener a connection that dies between two statements of a transaction would end the process;
    // the next statement reports it.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }
}
