import { Keyv, type DeserializedData, type KeyvStoreAdapter, type StoredData } from 'keyv';
import { EventEmitter } from 'node:events';
import { isCacheBypassed } from '../bypass.js';
import type { ResolvedEntryOptions } from '../cache.options.js';
import type { Tiers } from '../load/tiers.js';
import type { Scope } from '../redis/scope.js';

// Keyv's "no ttl" means for ever; a cache's for ever ends some day.
const foreverSeconds = 30 * 24 * 3600;

/**
 * Keyv's storage over the tiers, for cache-manager and other users of Keyv: the same keys and guarantees as `Cache`, except that
 * everybody gets a copy of their own, lives are exact, and nothing is served past its life.
 */
export class KeyvStore extends EventEmitter implements KeyvStoreAdapter {
  readonly opts: object = {};
  /** Set by Keyv; the prefix is the scope's. */
  namespace?: string | undefined;

  constructor(
    private readonly tiers: Tiers,
    private readonly scope: Scope,
    private readonly defaults: ResolvedEntryOptions,
  ) {
    super();
  }

  async get<Value>(key: string): Promise<StoredData<Value> | undefined> {
    if (isCacheBypassed()) return undefined;
    const entry =
      this.tiers.held(this.scope.value(key)) ?? (await this.tiers.find(this.scope.names(key))).fresh;
    return entry && { value: structuredClone(entry.value) as Value, expires: Math.round(entry.freshUntil) };
  }

  getMany<Value>(keys: string[]): Promise<(StoredData<Value> | undefined)[]> {
    return Promise.all(keys.map((key) => this.get<Value>(key)));
  }

  async has(key: string): Promise<boolean> {
    return (await this.get(key)) !== undefined;
  }

  async set(key: string, { value }: DeserializedData<unknown>, ttlMs?: number): Promise<void> {
    const ttlSeconds = ttlMs ? ttlMs / 1000 : foreverSeconds;
    const options = { ...this.defaults, ttlSeconds, graceSeconds: 0, jitter: 0 };
    await this.tiers.put({ names: this.scope.names(key), value, options });
  }

  async delete(key: string): Promise<boolean> {
    return this.deleteMany([key]);
  }

  /** Keyv asks whether there was something to delete. */
  async deleteMany(keys: string[]): Promise<boolean> {
    const were = await Promise.all(keys.map((key) => this.has(key)));
    await this.tiers.invalidate(keys.flatMap((key) => this.scope.keyNames(key)));
    return were.includes(true);
  }

  /** Empties this scope at the price of one key, and touches no other. */
  async clear(): Promise<void> {
    await this.tiers.invalidate([this.scope.version]);
  }
}

/** A Keyv over the store; values go through unserialized, the tiers do that. */
export function keyvOver(store: KeyvStore): Keyv {
  return new Keyv({ store, useKeyPrefix: false, serialize: undefined, deserialize: undefined });
}
