export { Database, type DatabaseExecutor, type DatabaseTransaction } from './database.js';
export {
  DatabaseQueryError,
  DatabaseUnavailableError,
  isUniqueViolation,
  TransactionAbortedError,
} from './database.errors.js';
export { databaseConnectionLostChannel, type DatabaseConnectionLostEvent } from './database.events.js';
export { escapeLiteral } from './database.literal.js';
export { DatabaseModule } from './database.module.js';
export type { DatabaseOptions } from './database.options.js';
export { MigrationError } from './migrations.errors.js';
export { type MigrationSet, runMigrations } from './migrations.js';
