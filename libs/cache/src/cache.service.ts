import type { GuardedRedis } from '@trivet/redis';
import type { Cache as CacheManager } from 'cache-manager';
import { channel } from 'node:diagnostics_channel';
import { isCacheBypassed } from './bypass.js';
import type { ResolvedCacheOptions } from './cache.options.js';

/** Where a looked-up value came from: the cache, the origin, or the origin because the cache is away. */
export type CacheOutcome = 'HIT' | 'MISS' | 'BYPASS';

/** A value and where it came from. */
export interface CacheLookup<T> {
  readonly value: T;
  /** What an HTTP answer says as `X-Cache`. */
  readonly outcome: CacheOutcome;
}

/** Options of one look-up. */
export interface CacheEntryOptions {
  /** How long the value lives, seconds. @default the module's `ttlSeconds` */
  readonly ttlSeconds?: number;
}

/** A look-up, published on `trivet:cache:lookup`. */
export interface CacheLookupEvent {
  readonly outcome: CacheOutcome;
  /** How long the origin took, milliseconds; absent on a hit. */
  readonly originMs?: number;
}

/** Facts about look-ups; the message is a {@link CacheLookupEvent}. */
export const cacheLookupChannel = channel('trivet:cache:lookup');

// Wrapped, so that `null` and `undefined` are values like any other.
interface Entry<T> {
  readonly value: T;
}

/** The cache that apps use. None of its calls throws or waits because of Redis; only a factory's own error gets out. */
export class Cache {
  constructor(
    private readonly manager: CacheManager,
    private readonly redis: GuardedRedis,
    private readonly options: ResolvedCacheOptions,
  ) {}

  /** The cached value, or the factory's, which is then cached. @throws what the factory throws */
  async getOrSet<T>(key: string, factory: () => Promise<T>, options?: CacheEntryOptions): Promise<T> {
    return (await this.lookUp(key, factory, options)).value;
  }

  /** Like {@link Cache.getOrSet}, and says where the value came from. */
  async lookUp<T>(
    key: string,
    factory: () => Promise<T>,
    options?: CacheEntryOptions,
  ): Promise<CacheLookup<T>> {
    const entry = await this.manager.get<Entry<T>>(key);
    if (entry) {
      cacheLookupChannel.publish({ outcome: 'HIT' });
      return { value: entry.value, outcome: 'HIT' };
    }
    const startedAt = performance.now();
    const value = await factory();
    const outcome = isCacheBypassed() || this.redis.state.reads === 'down' ? 'BYPASS' : 'MISS';
    cacheLookupChannel.publish({ outcome, originMs: performance.now() - startedAt });
    await this.set(key, value, options);
    return { value, outcome };
  }

  /** The cached value, or `undefined`, also when Redis does not answer. */
  async get<T>(key: string): Promise<T | undefined> {
    return (await this.manager.get<Entry<T>>(key))?.value;
  }

  /** Caches a value; without Redis it is simply not cached. */
  async set<T>(
    key: string,
    value: T,
    { ttlSeconds = this.options.ttlSeconds }: CacheEntryOptions = {},
  ): Promise<void> {
    await this.manager.set<Entry<T>>(key, { value }, ttlSeconds * 1000);
  }

  /** Invalidates keys in every process. What Redis does not take now is made up for when it is back. */
  async delete(...keys: string[]): Promise<void> {
    if (keys.length > 0) await this.manager.mdel(keys);
  }

  /** Empties this namespace and touches no other key. */
  async clear(): Promise<void> {
    await this.manager.clear();
  }
}
