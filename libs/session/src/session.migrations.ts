import type { MigrationSet } from '@trivet/database';
import { fileURLToPath } from 'node:url';

/** The PostgreSQL schema `session`: the mirror of the evidence that sessions were ended. */
export const sessionMigrations: MigrationSet = {
  schema: 'session',
  folder: fileURLToPath(new URL('../migrations', import.meta.url)),
};
