import { exitOnEnvironmentError, readEnvironment } from '@trivet/env';
import { processEnvironment } from '@trivet/observability';
import { checkWebEnvironment, webEnvironmentFields } from '@trivet/web';
import { z } from 'zod';

/** Every variable that this app reads. */
export const environment = z
  .object({ ...processEnvironment, ...webEnvironmentFields })
  .superRefine(checkWebEnvironment);

/** Reads the environment once; a wrong one ends the process with one line per variable. */
export const readEnv = () => exitOnEnvironmentError(() => readEnvironment(environment, process.env));

/** The app's environment, read and checked. */
export type Env = z.output<typeof environment>;
