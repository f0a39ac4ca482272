/** A PostgreSQL already serves the data directory that an embedded one was to be started on. */
export class DataDirectoryInUseError extends Error {
  readonly code = 'DATA_DIRECTORY_IN_USE';

  constructor(dataDir: string, pid: number) {
    super(`PostgreSQL (pid ${pid}) already serves ${dataDir}. Stop it first: kill -INT ${pid}`);
    this.name = 'DataDirectoryInUseError';
  }
}

/** The embedded PostgreSQL (or its `initdb`) ended instead of coming up. */
export class EmbeddedPostgresError extends Error {
  readonly code = 'EMBEDDED_POSTGRES_FAILED';

  constructor(what: string, output: string) {
    super(`${what}. Set DATABASE_URL to use a PostgreSQL of your own. It said:\n${output.trim()}`);
    this.name = 'EmbeddedPostgresError';
  }
}
