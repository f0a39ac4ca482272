import { Keyv, type DeserializedData, type KeyvStoreAdapter, type StoredData } from 'keyv';
import { EventEmitter } from 'node:events';
import { isCacheBypassed } from '../bypass.js';
import type { ResolvedEntryOptions } from '../cache.options.js';
import type { Tiers } from '../load/tiers.js';
import type { Scope } from '../redis/scope.js';
import { thaw } from './thaw.js';

// Keyv's "no ttl" means for ever; a cache's for ever ends some day.
const foreverSeconds = 30 * 24 * 3600;

/** What a Keyv with a serializer of its own hands over: its text, which only it can read. */
interface Sealed {
  readonly keyvText: string;
}

/**
 * Keyv's storage over the tiers, for cache-manager and other users of Keyv: the same keys and guarantees as `Cache`, except that
 * everybody gets a copy of their own, lives are exact, and nothing is served past its life.
 */
export class KeyvStore extends EventEmitter implements KeyvStoreAdapter {
  readonly opts: object = {};
  /** Set by Keyv; a namespace of the cache. */
  namespace?: string | undefined;

  constructor(
    private readonly tiers: Tiers,
    private readonly root: Scope,
    private readonly defaults: ResolvedEntryOptions,
  ) {
    super();
  }

  async get<Value>(key: string): Promise<StoredData<Value> | undefined> {
    if (isCacheBypassed()) return undefined;
    const held = this.tiers.held(this.#scope.value(key));
    const entry = held ?? (await this.tiers.find(this.#scope.names(key))).fresh;
    if (!entry) return undefined;
    const { value, freshUntil } = entry;
    if (isSealed(value)) return value.keyvText as StoredData<Value>;
    return { value: thaw(value) as Value, expires: Math.round(freshUntil) };
  }

  getMany<Value>(keys: string[]): Promise<(StoredData<Value> | undefined)[]> {
    return Promise.all(keys.map((key) => this.get<Value>(key)));
  }

  async has(key: string): Promise<boolean> {
    return (await this.get(key)) !== undefined;
  }

  async set(key: string, data: DeserializedData<unknown> | string, ttlMs?: number): Promise<void> {
    const value = typeof data === 'string' ? ({ keyvText: data } satisfies Sealed) : data.value;
    const ttlSeconds = ttlMs ? ttlMs / 1000 : foreverSeconds;
    const options = { ...this.defaults, ttlSeconds, graceSeconds: 0, jitter: 0 };
    await this.tiers.put({ names: this.#scope.names(key), value, options });
  }

  async delete(key: string): Promise<boolean> {
    return this.deleteMany([key]);
  }

  /** Keyv asks whether there was something to delete. */
  async deleteMany(keys: string[]): Promise<boolean> {
    const were = await Promise.all(keys.map((key) => this.has(key)));
    await this.tiers.invalidate(keys.flatMap((key) => this.#scope.keyNames(key)));
    return were.includes(true);
  }

  /** Empties its namespace at the price of one key, and touches no other. */
  async clear(): Promise<void> {
    await this.tiers.invalidate([this.#scope.version]);
  }

  get #scope(): Scope {
    return this.namespace ? this.root.within(this.namespace) : this.root;
  }
}

/** A Keyv over the store; values go through unserialized, the tiers do that. */
export function keyvOver(store: KeyvStore): Keyv {
  return new Keyv({
    store,
    namespace: undefined,
    useKeyPrefix: false,
    serialize: undefined,
    deserialize: undefined,
  });
}

function isSealed(value: unknown): value is Sealed {
  return (
    typeof value === 'object' && value !== null && typeof (value as Partial<Sealed>).keyvText === 'string'
  );
}
