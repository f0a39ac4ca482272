import { exitOnEnvironmentError, httpUrl, mailbox, readEnvironment, smtpUrl } from '@trivet/env';
import { processEnvironment } from '@trivet/observability';
import { z } from 'zod';

/** Every variable that the worker reads. */
export const environment = z.object({
  ...processEnvironment,
  SMTP_URL: smtpUrl(),
  MAIL_FROM: mailbox(),
  PUBLIC_URL_LEARN: httpUrl(),
});

/** What the database commands beside it read. */
export const databaseEnvironment = environment.pick({ NODE_ENV: true, DATABASE_URL: true });

/** Reads the environment once; a wrong one ends the process with one line per variable. */
export const readEnv = () => exitOnEnvironmentError(() => readEnvironment(environment, process.env));

/** The same for the database commands. */
export const readDatabaseEnv = () =>
  exitOnEnvironmentError(() => readEnvironment(databaseEnvironment, process.env));

/** The worker's environment, read and checked. */
export type Env = z.output<typeof environment>;
