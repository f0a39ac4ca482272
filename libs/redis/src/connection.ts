import { Redis, type RedisOptions } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { classify, type FailureReason } from './classify.js';
import { coalesceWrites } from './coalesced-writes.js';
import { withDeadline } from './deadline.js';
import type { ResolvedRedisOptions } from './redis.options.js';
import { addressOptions, parseRedisUrl } from './redis-url.js';
import type { ServerSight } from './server-watch.js';

/** A connection that has just shown what it can do. */
export interface AdmittedConnection {
  readonly redis: Redis;
  readonly examination: Examination;
}

/** What a server can do, and what it looks like. */
export interface Examination {
  /** Set when the server takes no writes. */
  readonly readOnlyBecause?: FailureReason;
  readonly sight: ServerSight;
}

// Guarded connections are replaced, never repaired: one that closes stays closed, so no ioredis reconnect state
// (a stuck handshake, the terminal `end`, a stale Sentinel answer) can outlive the fault. A silent one is found by the deadlines
// of calls and health checks; ioredis's `socketTimeout` would cost each reply a timer and a listener of its own.
const replacedNotRepaired: RedisOptions = {
  lazyConnect: true,
  retryStrategy: () => null,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  disconnectTimeout: 50,
  // Our own admission asks ROLE; ioredis's ready check would refuse a replica that can still serve reads.
  enableReadyCheck: false,
};

/**
 * Opens a connection and lets the server prove itself: PING and ROLE for reads, a small expiring write for writes.
 *
 * @throws the connection's or the server's error when not even reads are served within the connect timeout.
 */
export async function openConnection(options: ResolvedRedisOptions): Promise<AdmittedConnection> {
  const { connectTimeoutMs } = options;
  const redis = new Redis({
    ...addressOptions(parseRedisUrl(options.url), options.ca),
    ...replacedNotRepaired,
    ...(options.role === 'replica' ? { role: 'slave' as const } : {}),
    connectionName: `trivet:${options.group}`,
    connectTimeout: connectTimeoutMs,
    sentinelCommandTimeout: connectTimeoutMs,
    sentinelRetryStrategy: () => null,
  });
  coalesceWrites(redis);
  let lastError: unknown;
  // ioredis prints errors nobody listens to; here they reach the caller as the rejection's cause.
  redis.on('error', (error: unknown) => (lastError = error));
  try {
    return { redis, examination: await withDeadline(admit(redis, options), connectTimeoutMs) };
  } catch (error) {
    redis.disconnect();
    throw lastError ?? error;
  }
}

async function admit(redis: Redis, options: ResolvedRedisOptions): Promise<Examination> {
  await redis.connect();
  return examine(redis, options);
}

/**
 * Asks a connected server what it can do, within the deadline of a call.
 *
 * @throws when it does not even serve reads, or is no longer the master that Sentinel names.
 */
export async function examine(redis: Redis, options: ResolvedRedisOptions): Promise<Examination> {
  if (options.role === 'replica') return examineReplica(redis, options);
  const keys = `trivet:${options.group}`;
  const [ping, role, write, , mark] = await withDeadline(
    Promise.allSettled([
      redis.ping(),
      redis.call('ROLE'),
      redis.set(`${keys}:probe`, '1', 'PX', 1000),
      redis.setnx(`${keys}:mark`, randomUUID()),
      redis.get(`${keys}:mark`),
    ]),
    options.deadlineMs,
  );
  if (ping.status === 'rejected') throw ping.reason;
  const isReplica = saysReplica(role);
  if (isReplica && redis.options.sentinels) throw new Error('The server is no longer the master.');
  const readOnlyBecause = isReplica ? 'readonly' : refusalOf(write);
  return {
    ...(readOnlyBecause ? { readOnlyBecause } : {}),
    sight: {
      address: addressOf(redis),
      isReplica,
      ...(mark.status === 'fulfilled' && mark.value ? { mark: mark.value } : {}),
    },
  };
}

/** A replica need only answer; if it has become a master meanwhile, it answers as well. */
async function examineReplica(redis: Redis, options: ResolvedRedisOptions): Promise<Examination> {
  await withDeadline(redis.ping(), options.deadlineMs);
  return { sight: { address: addressOf(redis), isReplica: true } };
}

function saysReplica(role: PromiseSettledResult<unknown>): boolean {
  return role.status === 'fulfilled' && Array.isArray(role.value) && String(role.value[0]) === 'slave';
}

function refusalOf(write: PromiseSettledResult<unknown>): FailureReason | undefined {
  if (write.status === 'fulfilled') return undefined;
  const reason = classify(write.reason);
  // An ACL that forbids the probe's key says nothing about the app's own keys.
  return reason === 'unauthorized' ? undefined : reason;
}

function addressOf({ stream }: Redis): string {
  return 'remotePort' in stream ? `${stream.remoteAddress}:${stream.remotePort}` : '';
}
