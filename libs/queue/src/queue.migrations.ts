import type { MigrationSet } from '@trivet/database';
import { fileURLToPath } from 'node:url';

/** The PostgreSQL schema `queue`: the ledger of done jobs. */
export const queueMigrations: MigrationSet = {
  schema: 'queue',
  folder: fileURLToPath(new URL('../migrations', import.meta.url)),
};
