import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';
import { MigrationError } from './migrations.errors.js';

/** The migrations one library ships for its own PostgreSQL schema. */
export interface MigrationSet {
  /** PostgreSQL schema; its table `migrations` remembers what has run. */
  readonly schema: string;
  /** Absolute path of a folder with drizzle's `*.sql` files and `meta/_journal.json`. */
  readonly folder: string;
}

/** Any number that no other advisory lock of the database uses: "triv" in ASCII. */
const LOCK = 0x74726976;

/**
 * Brings every set up to date, in order, each in one transaction. Concurrent runs wait for each other.
 *
 * @throws MigrationError naming the schema; what other sets have done stays
 */
export async function runMigrations(url: string, sets: readonly MigrationSet[]): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: 'trivet-migrate',
    connectionTimeoutMillis: 5_000,
    lock_timeout: 60_000,
  });
  client.on('error', () => undefined); // The statement that was running rejects too.
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    for (const set of sets) await runSet(client, set);
  } finally {
    await client.end();
  }
}

async function runSet(client: Client, { schema, folder }: MigrationSet): Promise<void> {
  try {
    const tables = { migrationsSchema: schema, migrationsTable: 'migrations' };
    await migrate(drizzle(client), { migrationsFolder: folder, ...tables });
  } catch (error) {
    throw new MigrationError(schema, error);
  }
}
