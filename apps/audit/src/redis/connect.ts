import { Redis } from 'ioredis';
import { type Target } from './target.js';

/** Nobody answered in time. */
export class DeadlineError extends Error {
  readonly code = 'ETIMEDOUT';
}

/**
 * Runs `work` over one connection that never tries again: a lost one ends the audit, because SCAN's cursor is gone
 * with the server. With RESP2 and without client info nothing is sent beside AUTH and SELECT.
 */
export async function withConnection<T>(
  target: Target,
  timeoutMs: number,
  work: (redis: Redis) => Promise<T>,
): Promise<T> {
  const redis = new Redis({
    ...target.options,
    lazyConnect: true,
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2,
    retryStrategy: null,
    sentinelRetryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    sentinelCommandTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  // ioredis rejects with «Connection is closed.» and emits the reason.
  let reason: unknown;
  redis.on('error', (error) => (reason ??= error));
  try {
    await withinDeadline(open(redis, target.database), timeoutMs);
    return await work(redis);
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}

async function open(redis: Redis, database: number): Promise<void> {
  await redis.connect();
  if (database > 0) await redis.select(database);
}

async function withinDeadline(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineError('connect')), timeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
