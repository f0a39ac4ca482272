import type { MigrationSet } from '@trivet/database';
import { fileURLToPath } from 'node:url';

/** The PostgreSQL schema `queue`: the outbox, the ledger of done jobs and the dead letters. */
export const queueMigrations: MigrationSet = {
  schema: 'queue',
  folder: fileURLToPath(new URL('../migrations', import.meta.url)),
};
