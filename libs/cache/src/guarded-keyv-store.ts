import type { GuardedRedis, RedisOperation } from '@trivet/redis';
import type { KeyvStoreAdapter, StoredData } from 'keyv';
import { EventEmitter } from 'node:events';
import { isCacheBypassed } from './bypass.js';
import { LostInvalidations } from './lost-invalidations.js';

const read: RedisOperation = { name: 'cache.get', kind: 'read' };
const write: RedisOperation = { name: 'cache.set', kind: 'write' };
const remove: RedisOperation = { name: 'cache.delete', kind: 'write' };
const sweep: RedisOperation = { name: 'cache.clear', kind: 'write', deadlineMs: 1000 };

/**
 * Keyv's storage over the guarded connection: no call throws or waits because of Redis. What cannot be read is a miss,
 * what cannot be written is left out, and what cannot be deleted is remembered and made up for.
 */
export class GuardedKeyvStore extends EventEmitter implements KeyvStoreAdapter {
  readonly opts: object = {};
  /** Set by Keyv. */
  namespace = '';
  readonly #lost: LostInvalidations;

  constructor(private readonly redis: GuardedRedis) {
    super();
    this.#lost = new LostInvalidations(async (keys) => (await this.#unlink(keys)) !== undefined);
    redis.onState(({ writes }) => writes === 'up' && this.#lost.makeUp());
  }

  async get<Value>(key: string): Promise<StoredData<Value> | undefined> {
    if (isCacheBypassed() || this.#lost.has(key)) return undefined;
    const value = await this.redis.attempt<string | null>(
      read,
      (client) => client.get(this.#name(key)),
      () => null,
    );
    return (value ?? undefined) as StoredData<Value> | undefined;
  }

  async set(key: string, value: string, ttlMs = 0): Promise<void> {
    const name = this.#name(key);
    await this.redis.attempt<unknown>(
      write,
      (client) => (ttlMs > 0 ? client.set(name, value, 'PX', ttlMs) : client.set(name, value)),
      () => undefined,
    );
  }

  async delete(key: string): Promise<boolean> {
    return this.deleteMany([key]);
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    return keys.length > 0 && ((await this.#unlink(keys)) ?? 0) > 0;
  }

  /** Deletes this namespace's keys and no others. */
  async clear(): Promise<void> {
    let cursor = '0';
    do {
      cursor = await this.redis.attempt(
        sweep,
        async (client) => {
          const [next, names] = await client.scan(cursor, 'MATCH', `${this.namespace}:*`, 'COUNT', 500);
          if (names.length > 0) await client.unlink(...names);
          return next;
        },
        () => '0',
      );
    } while (cursor !== '0');
  }

  /** @returns how many of them there were, or `undefined` when Redis did not take it */
  #unlink(keys: readonly string[]): Promise<number | undefined> {
    return this.redis.attempt<number | undefined>(
      remove,
      (client) => client.unlink(...keys.map((key) => this.#name(key))),
      () => {
        this.#lost.add(keys);
        return undefined;
      },
    );
  }

  #name(key: string): string {
    return `${this.namespace}:${key}`;
  }
}
