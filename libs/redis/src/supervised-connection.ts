import { Redis, type RedisOptions } from 'ioredis';
import { coalesceWrites } from './coalesced-writes.js';
import type { ResolvedRedisOptions } from './redis.options.js';
import { addressOptions, parseRedisUrl } from './redis-url.js';

/**
 * What a raw connection is for. `producer`: enqueues on behalf of a request, so it never queues or waits. `bulk`: the
 * same for many commands at once, which get more time. `worker`: blocks for jobs, so it has no command deadline and
 * retries for ever. `subscriber`: pub/sub.
 */
export type ConnectionRole = 'producer' | 'bulk' | 'worker' | 'subscriber';

const longestBlockMs = 15_000;
const longestBulkMs = 5_000;

/** Capped at 500 ms and jittered, so that a whole fleet is back within a second of Redis and never in step. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(500, 50 * 2 ** Math.min(attempt, 4)) * (0.75 + Math.random() / 4);
}

function roleOptions(role: ConnectionRole, options: ResolvedRedisOptions): RedisOptions {
  switch (role) {
    case 'producer':
    case 'bulk':
      return {
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        commandTimeout: role === 'bulk' ? longestBulkMs : options.deadlineMs,
        socketTimeout: options.connectTimeoutMs,
      };
    case 'worker':
      // A blocking command may rightly be silent for as long as it blocks.
      return { maxRetriesPerRequest: null, socketTimeout: longestBlockMs };
    case 'subscriber':
      // Who listens subscribes with every connection; ioredis would as well, and leave its rejection to nobody.
      return {
        maxRetriesPerRequest: null,
        socketTimeout: options.connectTimeoutMs,
        autoResubscribe: false,
      };
  }
}

/**
 * Ends and is quiet where ioredis alone is not. It says nothing when it is told to disconnect between two attempts, and BullMQ,
 * which waits for `end`, would never close. It writes each error that nobody listens for to the console, and BullMQ takes its own
 * listener off before the last attempt has failed; the group's breaker reports outages anyway.
 */
function endQuietly<Client extends Pick<Redis, 'status' | 'disconnect' | 'on'>>(client: Client): Client {
  client.on('error', () => undefined);
  const disconnect = client.disconnect.bind(client);
  client.disconnect = (reconnect = false) => {
    // The state in which ioredis knows that there is nothing to close, and ends at once.
    if (!reconnect && client.status === 'reconnecting') client.status = 'wait';
    disconnect(reconnect);
  };
  return client;
}

/** A raw connection that reconnects for ever, also from ioredis's terminal `end` state, until it is released. */
export class SupervisedConnection {
  readonly redis: Redis;
  #released = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(role: ConnectionRole, options: ResolvedRedisOptions) {
    const retryDelayMs = (attempt: number) => (this.#released ? null : reconnectDelayMs(attempt));
    this.redis = new Redis({
      ...addressOptions(parseRedisUrl(options.url), options.ca),
      connectionName: `trivet:${options.group}:${role}`,
      connectTimeout: options.connectTimeoutMs,
      sentinelCommandTimeout: options.connectTimeoutMs,
      disconnectTimeout: 50,
      // A server that is loading says when it expects to be done, ten seconds at most in ioredis, and is often earlier.
      maxLoadingRetryTime: 250,
      // Not lazy: BullMQ calls connect() on a lazy duplicate and takes its first failure for final.
      lazyConnect: false,
      retryStrategy: retryDelayMs,
      sentinelRetryStrategy: retryDelayMs,
      reconnectOnError: (error) => error.message.includes('READONLY'),
      ...roleOptions(role, options),
    });
    coalesceWrites(endQuietly(this.redis));
    const duplicate = this.redis.duplicate.bind(this.redis);
    this.redis.duplicate = (override) => endQuietly(duplicate(override));
    this.redis.on('end', () => this.#connectLater());
    // ioredis forgets that it was told to disconnect with the first socket that closes, and goes on when there is a second.
    this.redis.on('connect', () => this.#released && this.redis.disconnect());
  }

  /** The group answers again: connect now instead of after the pause. */
  hurry(): void {
    if (this.#released || !['end', 'reconnecting'].includes(this.redis.status)) return;
    // A failed attempt ends in `close` (ioredis retries) or in `end` (we do).
    this.redis.connect().catch(() => undefined);
  }

  release(): void {
    this.#released = true;
    clearTimeout(this.#timer);
    this.redis.disconnect();
  }

  #connectLater(): void {
    if (!this.#released) this.#timer = setTimeout(() => this.hurry(), reconnectDelayMs(4)).unref();
  }
}
