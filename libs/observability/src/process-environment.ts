import { choice, hostName, port, postgresUrl, redisUrl, text } from '@trivet/env';

/** The variables that every process of a platform reads, to be spread into its own schema. */
export const processEnvironment = {
  NODE_ENV: choice(['development', 'test', 'production'], 'development'),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'log', 'debug', 'verbose'], 'log'),
  LOG_FORMAT: choice(['json', 'pretty'], 'json'),
  /** The management port shows reasons and metrics: loopback unless told otherwise. */
  MANAGEMENT_HOST: hostName().default('127.0.0.1'),
  MANAGEMENT_PORT: port(),
  DATABASE_URL: postgresUrl(),
  REDIS_QUEUE_URL: redisUrl(),
  REDIS_CA_FILE: text('the path of a PEM file', '/etc/trivet/redis-ca.pem').optional(),
};
