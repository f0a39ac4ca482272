import { academyMigrations, seedCourses, seedDemoAccounts } from '@trivet/academy';
import { Database, runMigrations } from '@trivet/database';
import { queueMigrations } from '@trivet/queue';
import { sessionMigrations } from '@trivet/session';
import { parseArgs } from 'node:util';
import { readDatabaseEnv } from './env.js';

const env = readDatabaseEnv();
const { values } = parseArgs({ options: { seed: { type: 'string' } } });

if (values.seed !== undefined && values.seed !== 'demo') {
  process.stderr.write(`--seed takes only "demo".\n`);
  process.exit(2);
}
if (values.seed === 'demo' && env.NODE_ENV === 'production') {
  process.stderr.write(
    'The demo accounts have a password that everybody knows; they are not seeded in production.\n',
  );
  process.exit(2);
}

await runMigrations(env.DATABASE_URL, [queueMigrations, sessionMigrations, academyMigrations]);
const database = new Database({ url: env.DATABASE_URL, applicationName: 'migrate' });
await seedCourses(database);
if (values.seed === 'demo') await seedDemoAccounts(database);
await database.onApplicationShutdown();
