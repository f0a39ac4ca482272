import type { Redis } from 'ioredis';
import { performance } from 'node:perf_hooks';
import { GuardedRedis } from './guarded-redis.js';
import { RedisUnavailableError } from './redis.errors.js';
import type { RedisModuleOptions } from './redis.options.js';
import { parseRedisUrl } from './redis-url.js';

/** How long a read from replicas waits when nobody says otherwise, milliseconds: it comes on top of the master's deadline. */
const defaultDeadlineMs = 40;

/**
 * Reads from a group's replicas, for the time in which its master is away. Each replica has a breaker and a probe of its own; a
 * replica may lag behind, and after a failover be the master: what is read must say itself how old it is.
 */
export class ReplicaReads {
  readonly #replicas: readonly GuardedRedis[];
  readonly #group: string;

  constructor({ replicaUrls, ...options }: RedisModuleOptions) {
    this.#group = `${options.group}-replica`;
    this.#replicas = (replicaUrls ?? sentinelsOf(options.url)).map(
      (url) => new GuardedRedis({ ...options, url, group: this.#group, role: 'replica' }),
    );
  }

  /** Connects in the background, as {@link GuardedRedis.open} does. */
  async open(): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => replica.open()));
  }

  /** Ends every connection and timer at once. */
  close(): void {
    for (const replica of this.#replicas) replica.close();
  }

  /**
   * Runs commands against the first replica that is up, and against the next one when that fails, within one deadline.
   *
   * @throws {RedisUnavailableError} when none has answered, or there is none.
   */
  async attempt<T>(
    name: string,
    run: (redis: Redis) => Promise<T>,
    deadlineMs = defaultDeadlineMs,
  ): Promise<T> {
    const endsAt = performance.now() + deadlineMs;
    let failure = new RedisUnavailableError({
      group: this.#group,
      operation: name,
      reason: 'not-connected',
    });
    for (const replica of this.#replicas) {
      const leftMs = endsAt - performance.now();
      if (leftMs <= 0) break;
      if (replica.state.reads === 'down') continue;
      try {
        return await replica.attempt({ name, kind: 'read', deadlineMs: leftMs }, run);
      } catch (error) {
        if (!(error instanceof RedisUnavailableError)) throw error;
        failure = error;
      }
    }
    throw failure;
  }
}

function sentinelsOf(url: string): readonly string[] {
  return parseRedisUrl(url).topology.kind === 'sentinel' ? [url] : [];
}

/** Opens the replicas of a group, for a provider's factory. */
export async function openReplicaReads(options: RedisModuleOptions): Promise<ReplicaReads> {
  const replicas = new ReplicaReads(options);
  await replicas.open();
  return replicas;
}
