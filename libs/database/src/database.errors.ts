import { DrizzleQueryError } from 'drizzle-orm';
import { DatabaseError } from 'pg';

/** PostgreSQL could not be reached, is shutting down, or did not answer in time. */
export class DatabaseUnavailableError extends Error {
  readonly code = 'DATABASE_UNAVAILABLE';
  override readonly name = 'DatabaseUnavailableError';

  constructor(cause: unknown) {
    super(`PostgreSQL did not serve the call (${reasonOf(cause)}). Check DATABASE_URL and the server.`, {
      cause,
    });
  }
}

/** PostgreSQL refused a statement. Carries the statement's text, never its parameters. */
export class DatabaseQueryError extends Error {
  readonly code = 'DATABASE_QUERY_FAILED';
  override readonly name = 'DatabaseQueryError';
  /** Five characters, see PostgreSQL's appendix "Error Codes". */
  readonly sqlState: string;
  /** Name of the violated constraint, if that was the reason. */
  readonly constraint: string | undefined;

  constructor(query: string, cause: DatabaseError) {
    super(`PostgreSQL refused a statement (SQLSTATE ${cause.code}): ${query}`, { cause });
    this.sqlState = cause.code ?? '';
    this.constraint = cause.constraint;
  }
}

/** COMMIT undid a transaction, because a statement in it had failed and nobody let the error through. */
export class TransactionAbortedError extends Error {
  readonly code = 'DATABASE_TRANSACTION_ABORTED';
  override readonly name = 'TransactionAbortedError';

  constructor() {
    super(
      'PostgreSQL rolled the transaction back instead of committing it: a statement in it had failed, and its error was caught. ' +
        'Let the error through, or run what may fail in a transaction of its own inside (`tx.transaction`).',
    );
  }
}

/** Whether a statement failed because a row with the same unique value is already there. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof DatabaseQueryError) || error.sqlState !== '23505') return false;
  return constraint === undefined || error.constraint === constraint;
}

/** Connection trouble, too many connections, statement timeout, server going down or coming up. */
const UNAVAILABLE = /^(08|53300|57014|57P0)/;

/** Drizzle's own error quotes every parameter (passwords, addresses) in its message; ours do not. */
export function toDatabaseError(error: unknown): DatabaseQueryError | DatabaseUnavailableError {
  const wrapped = error instanceof DrizzleQueryError;
  const cause = wrapped ? error.cause : error;
  if (!(cause instanceof DatabaseError)) return new DatabaseUnavailableError(cause);
  if (UNAVAILABLE.test(cause.code ?? '')) return new DatabaseUnavailableError(cause);
  cause.detail = cause.where = undefined; // Both quote the row.
  return new DatabaseQueryError(wrapped ? error.query : '', cause);
}

/** For a `catch` in front of the caller. */
export function rethrow(error: unknown): never {
  throw toDatabaseError(error);
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return String(code ?? message);
}
