import { openGuardedRedis, type GuardedRedis } from '@trivet/redis';
import type { Keyv } from 'keyv';
import { resolveCacheOptions, type CacheModuleOptions, type ResolvedCacheOptions } from './cache.options.js';
import { cacheMemoryChannel } from './cache.events.js';
import { CACHE_GROUP } from './cache.tokens.js';
import { Cache } from './cache.js';
import { KeyvStore, keyvOver } from './keyv/keyv-store.js';
import { Loader } from './load/loader.js';
import { Tiers } from './load/tiers.js';
import { ServerClock } from './redis/server-clock.js';

const tellEveryMs = 1000;

/** A process's cache, put together: two tiers, a loader, and the doors to them. */
export class CacheRuntime {
  readonly cache: Cache;
  readonly #tiers: Tiers;
  readonly #loader: Loader;
  readonly #telling: NodeJS.Timeout;

  constructor(
    private readonly redis: GuardedRedis,
    private readonly options: ResolvedCacheOptions,
    clock = new ServerClock(),
  ) {
    this.#tiers = new Tiers(redis, clock, options);
    this.#loader = new Loader(this.#tiers, options);
    this.cache = new Cache({ tiers: this.#tiers, loader: this.#loader }, this.#tiers.root, options);
    this.#tiers.open();
    this.#telling = setInterval(() => {
      if (cacheMemoryChannel.hasSubscribers) cacheMemoryChannel.publish(this.#tiers.memorySize);
    }, tellEveryMs).unref();
  }

  /** A Keyv that shares keys and guarantees with {@link CacheRuntime.cache}. */
  keyv(): Keyv {
    return keyvOver(new KeyvStore(this.#tiers, this.#tiers.root, this.options));
  }

  close(): void {
    clearInterval(this.#telling);
    this.#loader.close();
    this.#tiers.close();
    this.redis.close();
  }
}

/** Opens a cache outside of Nest: in a script, or beside another framework. */
export async function openCache(options: CacheModuleOptions): Promise<CacheRuntime> {
  const resolved = resolveCacheOptions(options);
  return new CacheRuntime(await openGuardedRedis({ ...options.redis, group: CACHE_GROUP }), resolved);
}
