/** A library's migrations did not run; none of this run's statements for its schema took effect. */
export class MigrationError extends Error {
  readonly code = 'MIGRATION_FAILED';
  override readonly name = 'MigrationError';

  constructor(
    /** The PostgreSQL schema whose migrations failed. */
    readonly schema: string,
    cause: unknown,
  ) {
    const { message, cause: inner } = cause as Error;
    super(`Migrations of schema "${schema}" failed: ${inner instanceof Error ? inner.message : message}`, {
      cause,
    });
  }
}
