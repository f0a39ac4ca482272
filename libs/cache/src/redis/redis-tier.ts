import type { GuardedRedis, RedisOperation } from '@trivet/redis';
import { randomBytes } from 'node:crypto';
import { headOf } from './envelope.js';
import type { Payload } from './payload.js';
import { ReadBatch } from './read-batch.js';
import type { EntryNames } from './scope.js';
import { beginLoad, endLease, endLoad, put, renewLease, type Script } from './scripts.js';
import type { ServerClock } from './server-clock.js';

const begin: RedisOperation = { name: 'cache.begin', kind: 'write' };
const end: RedisOperation = { name: 'cache.end', kind: 'write' };
const write: RedisOperation = { name: 'cache.set', kind: 'write' };
const remove: RedisOperation = { name: 'cache.invalidate', kind: 'write-when-full' };
const announce: RedisOperation = { name: 'cache.announce', kind: 'read' };

/** How long values are kept, milliseconds. */
export interface Life {
  readonly freshMs: number;
  /** Fresh and stale together. */
  readonly totalMs: number;
}

/** A value on its way to Redis. */
export interface Write {
  readonly names: EntryNames;
  readonly payload: Payload;
  readonly life: Life;
}

/** What became of the wish to load. */
export type Begin =
  | { readonly kind: 'granted'; readonly lease: Lease }
  | { readonly kind: 'changed' | 'busy' | 'away' }
  | { readonly kind: 'back-off'; readonly forMs: number };

/** The right to load a value, and the versions that its load began under. */
export interface Lease {
  readonly id: string;
  readonly versions: readonly string[];
}

/** What became of a loaded value. */
export type Kept = 'kept' | 'overtaken' | 'away';

/** The cache's commands. Each is one round trip, and none throws or waits because of Redis. */
export class RedisTier {
  readonly #batch: ReadBatch;
  readonly #idPrefix = randomBytes(6).toString('base64url');
  #ids = 0;

  /** @param readsSent called whenever reads go out that were asked for in one tick */
  constructor(
    private readonly redis: GuardedRedis,
    private readonly clock: ServerClock,
    readsSent: () => void,
  ) {
    this.#batch = new ReadBatch(redis, readsSent);
  }

  /** Whether Redis is known not to answer. */
  get isAway(): boolean {
    return this.redis.state.reads === 'down';
  }

  /** The bytes under each name, or `undefined` when Redis gave no answer. */
  read(names: readonly string[]) {
    return this.#batch.read(names);
  }

  /** Asks for the right to load. @param seen id of the entry that the caller knows of */
  async begin(names: EntryNames, leaseMs: number, { seen = '', steal = false, lifeMs = 0 }): Promise<Begin> {
    const id = this.#nextId();
    const args = [id, leaseMs, seen, steal ? 'steal' : '', lifeMs];
    const reply = await this.#run(begin, beginLoad, names, args);
    if (!Array.isArray(reply)) return { kind: 'away' };
    const [kind, ...rest] = reply as [string, ...(string | number)[]];
    switch (kind) {
      case 'granted':
        this.clock.learn(Number(rest[0]));
        return { kind, lease: { id, versions: rest.slice(1).map(String) } };
      case 'back-off':
        return { kind, forMs: Number(rest[0]) };
      default:
        return { kind: kind === 'changed' ? kind : 'busy' };
    }
  }

  /** Keeps what was loaded, unless an invalidation came in between. */
  async end(lease: Lease, { names, payload, life }: Write): Promise<Kept> {
    const reply = await this.#run(end, endLoad, names, [
      ...this.#entry(lease.id, names, payload, life),
      ...lease.versions,
    ]);
    if (!Array.isArray(reply)) return 'away';
    return reply[0] === 1 ? 'kept' : 'overtaken';
  }

  /** @returns whether the lease is still held, as far as is known */
  async renew(names: EntryNames, lease: Lease, leaseMs: number): Promise<boolean> {
    const held = await this.redis.attempt<unknown>(
      begin,
      (client) => renewLease.run(client, [names.lease], [lease.id, leaseMs]),
      () => 1,
    );
    return held === 1;
  }

  /** The load came to nothing. @param backOffMs how long others shall leave the origin alone */
  async giveBack(names: EntryNames, lease: Lease, backOffMs: number): Promise<void> {
    await this.redis.attempt<unknown>(
      end,
      (client) => endLease.run(client, [names.lease], [lease.id, backOffMs]),
      () => undefined,
    );
  }

  /** @returns whether Redis took it */
  async put(entry: Write, channel: string, message: string): Promise<boolean> {
    const args = [...this.#entry(this.#nextId(), entry.names, entry.payload, entry.life), channel, message];
    const reply = await this.#run(write, put, entry.names, args);
    if (typeof reply !== 'number') return false;
    this.clock.learn(reply);
    return true;
  }

  /** Takes names away and tells every process. @returns whether Redis took it */
  remove(names: readonly string[], channel: string, message: string): Promise<boolean> {
    return this.redis.attempt(
      remove,
      async (client) => {
        // Sent in this order over one connection: who hears of it finds it done.
        await Promise.all([client.unlink(...names), client.publish(channel, message)]);
        return true;
      },
      () => false,
    );
  }

  /** Tells every process, when telling is all that can be done. */
  async announce(channel: string, message: string): Promise<void> {
    await this.redis.attempt<unknown>(
      announce,
      (client) => client.publish(channel, message),
      () => undefined,
    );
  }

  #run(
    operation: RedisOperation,
    script: Script,
    names: EntryNames,
    args: readonly (string | number | Buffer)[],
  ) {
    const keys = [names.value, names.lease, ...names.versions];
    return this.redis.attempt<unknown>(
      operation,
      (client) => script.run(client, keys, args),
      () => undefined,
    );
  }

  #entry(id: string, names: EntryNames, { isCompressed, bytes }: Payload, life: Life) {
    const { encoding, tags } = headOf(isCompressed, names.tags);
    return [id, life.freshMs, life.totalMs, encoding, tags, bytes];
  }

  /** Unique without asking anybody: a random start, then a count. */
  #nextId(): string {
    this.#ids += 1;
    return `${this.#idPrefix}${this.#ids.toString(36)}`;
  }
}
