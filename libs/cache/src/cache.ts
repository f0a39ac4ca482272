import { markDegraded } from '@trivet/redis';
import { isCacheBypassed } from './bypass.js';
import type { CacheEntryOptions, ResolvedEntryOptions } from './cache.options.js';
import { CACHE_GROUP } from './cache.tokens.js';
import type { CacheFactory, CacheLookup, Loader } from './load/loader.js';
import type { Tiers } from './load/tiers.js';
import type { Entry } from './memory/entry.js';
import { publishLookup } from './publish-lookup.js';
import type { Scope } from './redis/scope.js';

/** How one value is kept, and what it belongs to. */
export interface CacheSetOptions extends CacheEntryOptions {
  /** {@link Cache.deleteByTag} with one of them takes the value away. @default [] */
  readonly tags?: readonly string[];
}

/** What all namespaces of a process stand on. */
export interface CacheCore {
  readonly tiers: Tiers;
  readonly loader: Loader;
}

/**
 * The cache that apps use. None of its calls throws or waits because of Redis; only a factory's own error gets out, and
 * only when there is no last good value. What it returns is shared with other callers, and frozen.
 */
export class Cache {
  constructor(
    private readonly core: CacheCore,
    private readonly scope: Scope,
    private readonly defaults: ResolvedEntryOptions,
  ) {}

  /**
   * The cached value, or the factory's, which is then cached. The factory runs once, however many callers there are and in
   * however many processes.
   *
   * @throws what the factory throws
   * @throws {CacheLoadTimeoutError} when the factory takes longer than `hardTimeoutMs`
   */
  async getOrSet<T>(key: string, factory: CacheFactory<T>, options?: CacheSetOptions): Promise<T> {
    const held = this.#held(key);
    return held ? (held.value as T) : (await this.#ask(key, factory, options)).value;
  }

  /** Like {@link Cache.getOrSet}, and says where the value came from. */
  async lookUp<T>(key: string, factory: CacheFactory<T>, options?: CacheSetOptions): Promise<CacheLookup<T>> {
    const held = this.#held(key);
    return held ? { value: held.value as T, outcome: 'HIT' } : this.#ask(key, factory, options);
  }

  /** What memory answers with at once. */
  #held(key: string): Entry | undefined {
    const { tiers } = this.core;
    const held = tiers.hasMemory && !isCacheBypassed() ? tiers.held(this.scope.value(key)) : undefined;
    if (!held) return undefined;
    if (tiers.redis.isAway) markDegraded(CACHE_GROUP);
    publishLookup('HIT', 'memory');
    return held;
  }

  #ask<T>(key: string, factory: CacheFactory<T>, options?: CacheSetOptions): Promise<CacheLookup<T>> {
    if (isCacheBypassed()) return bypass(factory);
    const names = this.scope.names(key, options?.tags);
    return this.core.loader.get({ names, factory, options: this.#resolve(options) });
  }

  /** The cached value, or `undefined`, also when Redis does not answer. */
  async get<T>(key: string): Promise<T | undefined> {
    if (isCacheBypassed()) return undefined;
    const held = this.#held(key);
    if (held) return held.value as T;
    const { fresh } = await this.core.tiers.find(this.scope.names(key));
    publishLookup(fresh ? 'HIT' : 'MISS');
    return fresh?.value as T | undefined;
  }

  /** The cached ones among the keys, in one round trip. */
  async getMany<T>(keys: readonly string[]): Promise<Map<string, T>> {
    const found = new Map<string, T>();
    const look = async (key: string) => {
      const value = await this.get<T>(key);
      if (value !== undefined) found.set(key, value);
    };
    await Promise.all(keys.map(look));
    return found;
  }

  /** Caches a value in every process's view; a load of the key that is under way does not replace it. */
  async set<T>(key: string, value: T, options?: CacheSetOptions): Promise<void> {
    const names = this.scope.names(key, options?.tags);
    await this.core.tiers.put({ names, value, options: this.#resolve(options) });
  }

  /** Invalidates keys in every process, and loads of them that are under way. */
  async delete(...keys: string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.core.tiers.invalidate(keys.flatMap((key) => this.scope.keyNames(key)));
  }

  /** Invalidates whatever was cached under one of the tags, in every process, and loads of it that are under way. */
  async deleteByTag(...tags: string[]): Promise<void> {
    if (tags.length === 0) return;
    await this.core.tiers.invalidate(tags.map((tag) => this.scope.tag(tag)));
  }

  /** Empties this namespace and those within it, at the price of one key, and touches no other. */
  async clear(): Promise<void> {
    await this.core.tiers.invalidate([this.scope.version]);
  }

  /**
   * A cache with keys and tags of its own within this one.
   *
   * @param name letters, digits, `_` and `-`
   * @param options what differs from this cache's options
   */
  namespace(name: string, options?: CacheEntryOptions): Cache {
    if (!/^[\w-]+$/.test(name)) throw new TypeError('A namespace is named by letters, digits, _ and -.');
    return new Cache(this.core, this.scope.within(name), this.#resolve(options));
  }

  #resolve(options?: CacheEntryOptions): ResolvedEntryOptions {
    if (options === undefined) return this.defaults;
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    return { ...this.defaults, ...Object.fromEntries(given) };
  }
}

async function bypass<T>(factory: CacheFactory<T>): Promise<CacheLookup<T>> {
  publishLookup('BYPASS');
  return { value: await factory({ signal: new AbortController().signal }), outcome: 'BYPASS' };
}
