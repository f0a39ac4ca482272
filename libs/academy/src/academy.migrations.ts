import { fileURLToPath } from 'node:url';
import type { MigrationSet } from '@trivet/database';

/** The academy's tables, for `runMigrations`. */
export const academyMigrations: MigrationSet = {
  schema: 'academy',
  folder: fileURLToPath(new URL('../migrations', import.meta.url)),
};
