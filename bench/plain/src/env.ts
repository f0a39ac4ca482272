import {
  exitOnEnvironmentError,
  hostName,
  port,
  postgresUrl,
  readEnvironment,
  redisUrl,
  secretList,
} from '@trivet/env';
import { z } from 'zod';

const environment = z.object({
  HOST: hostName().default('127.0.0.1'),
  PORT_DASHBOARD: port(),
  PORT_LEARN: port(),
  COOKIE_DOMAIN: hostName().default('trivet.localhost'),
  COOKIE_SECRETS: secretList(),
  DATABASE_URL: postgresUrl(),
  REDIS_SESSION_URL: redisUrl(),
  REDIS_CACHE_URL: redisUrl(),
  REDIS_QUEUE_URL: redisUrl(),
});

/** Reads the environment once; a wrong one ends the process with one line per variable. */
export const readEnv = () => exitOnEnvironmentError(() => readEnvironment(environment, process.env));

export type Env = z.output<typeof environment>;
