import { markDegraded, type GuardedRedis } from '@trivet/redis';
import { cacheInvalidationChannel, type CacheMemoryEvent } from '../cache.events.js';
import type { ResolvedCacheOptions, ResolvedEntryOptions } from '../cache.options.js';
import { CACHE_GROUP } from '../cache.tokens.js';
import { discard } from '../discard.js';
import { Entry } from '../memory/entry.js';
import { InvalidationLedger } from '../memory/invalidation-ledger.js';
import { MemoryTier } from '../memory/memory-tier.js';
import { InvalidationFeed, type Invalidation } from '../redis/invalidation-feed.js';
import { LostInvalidations } from '../redis/lost-invalidations.js';
import { pack, toText, unpack } from '../redis/payload.js';
import { RedisTier, type Kept, type Lease, type Life } from '../redis/redis-tier.js';
import { Scope, type EntryNames } from '../redis/scope.js';
import type { ServerClock } from '../redis/server-clock.js';
import { storedIn, type Stored } from '../redis/stored.js';

/** What both tiers know of a key. */
export interface Found {
  /** A value within its life that somebody vouches for. */
  readonly fresh?: Entry;
  /** A value to serve when there is nothing better. */
  readonly last?: Entry;
  /** Whether somebody vouches that {@link Found.last} was not invalidated. */
  readonly isVouchedFor: boolean;
  readonly redis: 'answered' | 'away';
  /** Id of the entry that Redis holds, whether it is of use or not. */
  readonly seen: string;
}

/** A value on its way into both tiers. */
export interface Keeping {
  readonly names: EntryNames;
  readonly value: unknown;
  readonly options: ResolvedEntryOptions;
}

interface Reading {
  readonly sequence: number;
  readonly found: Promise<Found>;
}

/**
 * Memory before Redis. An entry in memory counts only while it is vouched for: by the feed of invalidations, or by whoever was
 * asked less than `coherenceMs` ago. Everything else is asked of Redis, which answers with the versions it was made under.
 */
export class Tiers {
  readonly ledger = new InvalidationLedger();
  readonly redis: RedisTier;
  readonly root: Scope;
  readonly #memory: MemoryTier;
  readonly #feed: InvalidationFeed;
  readonly #lost: LostInvalidations;
  #readings = new Map<string, Reading>();
  readonly #channel: string;

  constructor(
    guarded: GuardedRedis,
    readonly clock: ServerClock,
    private readonly options: ResolvedCacheOptions,
  ) {
    const { namespace, memoryMaxBytes, coherenceMs } = options;
    this.root = new Scope(namespace);
    this.#memory = new MemoryTier(memoryMaxBytes);
    // Without memory a reader gets what is in Redis when it asks, so only those who ask together share.
    this.redis = new RedisTier(guarded, this.clock, () => {
      // A map that is cleared keeps what it held until a full garbage collection, as V8's next table hangs from the last one.
      if (!this.#memory.isOn) this.#readings = new Map();
    });
    this.#channel = `${namespace}:feed`;
    this.#feed = new InvalidationFeed(guarded, this.clock, { channel: this.#channel, coherenceMs });
    this.#lost = new LostInvalidations(this.root.version);
    guarded.onState(({ writes }) => writes === 'up' && void this.#makeUp());
  }

  open(): void {
    this.#feed.open({
      heard: (invalidation) => this.#heard(invalidation),
      gap: () => this.ledger.distrust(),
    });
  }

  close(): void {
    this.#feed.close();
  }

  get memorySize(): CacheMemoryEvent {
    return this.#memory.size;
  }

  get hasMemory(): boolean {
    return this.#memory.isOn;
  }

  /** The value in memory, while it lives and is vouched for. No I/O. */
  held(name: string): Entry | undefined {
    const entry = this.#memory.get(name);
    if (entry === undefined) return undefined;
    const now = this.clock.monotonic();
    return this.#isVouchedFor(entry, now) && this.clock.at(now) < entry.freshUntil ? entry : undefined;
  }

  /** Asks both tiers; those who ask for the same at once share the answer. */
  find(names: EntryNames): Promise<Found> {
    const { sequence } = this.ledger;
    const underWay = this.#readings.get(names.value);
    if (underWay?.sequence === sequence) return underWay.found;
    const found = this.#find(names, sequence);
    this.#readings.set(names.value, { sequence, found });
    if (this.#memory.isOn) {
      const letGo = () => {
        if (this.#readings.get(names.value)?.found === found) this.#readings.delete(names.value);
      };
      found.then(letGo, letGo);
    }
    return found;
  }

  /**
   * Keeps what a load has made, unless it was overtaken by an invalidation.
   *
   * @param sequence the ledger's when the load began
   */
  async keep(keeping: Keeping, lease: Lease | undefined, sequence: number): Promise<Kept> {
    const { names, value, options } = keeping;
    const text = this.#textOf(value);
    if (text === undefined) {
      if (lease) void this.redis.giveBack(names, lease, 0);
      return 'kept';
    }
    const life = lifeOf(options);
    const askedAt = this.clock.monotonic();
    const payload = lease && (await pack(text, this.options.compressAboveBytes));
    const kept = lease && payload ? await this.redis.end(lease, { names, payload, life }) : 'away';
    if (kept === 'overtaken' || this.ledger.hitSince(names.all, sequence)) return 'overtaken';
    const freshUntil = this.clock.at(askedAt) + life.freshMs;
    this.#memory.set(
      new Entry({ names, text, freshUntil, sequence, askedAt, isShared: true, isAhead: kept === 'away' }),
    );
    return kept;
  }

  /** Writes a value that somebody has brought. */
  async put({ names, value, options }: Keeping): Promise<void> {
    const text = this.#textOf(value);
    if (text === undefined) return this.invalidate([names.value, names.lease]);
    const life = lifeOf(options);
    this.ledger.note([names.value]);
    const askedAt = this.clock.monotonic();
    const payload = await pack(text, this.options.compressAboveBytes);
    const written = await this.redis.put(
      { names, payload, life },
      this.#channel,
      this.#feed.message([names.value]),
    );
    // A read that Redis answered before must not put the old value into memory after.
    this.ledger.note([names.value]);
    const { sequence } = this.ledger;
    if (!written) this.#remember([names.value, names.lease]);
    const freshUntil = this.clock.at(askedAt) + life.freshMs;
    this.#memory.set(
      new Entry({ names, text, freshUntil, sequence, askedAt, isShared: true, isAhead: !written }),
    );
  }

  /** Takes values, leases or versions away, here at once and everywhere as soon as Redis has it. */
  async invalidate(names: readonly string[]): Promise<void> {
    this.#drop(names);
    const done = await this.redis.remove(names, this.#channel, this.#feed.message(names));
    // Once more: a read that Redis answered before may have put the old value into memory meanwhile.
    this.#drop(names);
    if (done) cacheInvalidationChannel.publish({ where: 'redis' });
    else this.#remember(names);
  }

  async #find(names: EntryNames, sequence: number): Promise<Found> {
    const askedAt = this.clock.monotonic();
    const inMemory = this.#memory.get(names.value);
    const held =
      inMemory && !this.ledger.hitSince(inMemory.names.all, inMemory.sequence) ? inMemory : undefined;
    const last = held && { last: held };
    const isVouchedFor = held !== undefined && this.#isVouchedFor(held, askedAt);
    // The tags it was written under are known best from the entry itself.
    let asked = inMemory?.names ?? names;
    let reply = await this.redis.read(asked.all);
    let stored = reply && storedIn(reply, asked);
    // It was written under other tags than this caller knows: they decide, so they are asked for.
    while (stored && stored.names !== asked) {
      asked = stored.names;
      reply = await this.redis.read(asked.all);
      stored = reply && storedIn(reply, asked);
    }
    if (!reply) {
      // Each request says for itself what it had to do without.
      markDegraded(CACHE_GROUP);
      return { ...last, isVouchedFor, redis: 'away', seen: '' };
    }
    const seen = stored?.envelope.id ?? '';
    // What was made while Redis was away is newer than what Redis has kept from before.
    if (held?.isAhead) return { ...last, isVouchedFor, redis: 'answered', seen };
    const made =
      stored?.isCurrent && !this.#lost.has(asked.all) ? this.#entryOf(stored, sequence, askedAt) : undefined;
    const entry = made instanceof Promise ? await made : made;
    if (!entry) {
      if (held && this.#memory.get(names.value) === held) this.#memory.delete(names.value);
      return { isVouchedFor: false, redis: 'answered', seen };
    }
    if (!this.ledger.hitSince(entry.names.all, sequence)) this.#memory.set(entry);
    const isFresh = this.clock.now() < entry.freshUntil;
    return isFresh
      ? { fresh: entry, isVouchedFor: true, redis: 'answered', seen }
      : { last: entry, isVouchedFor: true, redis: 'answered', seen };
  }

  /** A promise only where it was compressed. */
  #entryOf(
    { envelope: { payload, freshUntil }, names }: Stored,
    sequence: number,
    askedAt: number,
  ): Entry | undefined | Promise<Entry | undefined> {
    const made = (text: string) =>
      parsed(new Entry({ names, text, freshUntil, sequence, askedAt, isShared: this.#memory.isOn }));
    return typeof payload === 'string' ? made(payload) : unpack(payload).then(made, () => discard('corrupt'));
  }

  #isVouchedFor(entry: Entry, now: number): boolean {
    if (entry.sequence !== this.ledger.sequence) {
      if (entry.sequence < this.ledger.floor) return false;
      if (this.ledger.hitSince(entry.names.all, entry.sequence)) {
        this.#memory.delete(entry.names.value);
        return false;
      }
      entry.sequence = this.ledger.sequence;
    }
    return now < this.#feed.vouchedUntil || now < entry.askedAt + this.options.coherenceMs;
  }

  #textOf(value: unknown): string | undefined {
    try {
      const text = toText(value);
      return text.length > this.options.maxValueBytes ? discard('too-large') : text;
    } catch (error) {
      if (error instanceof TypeError) return discard('not-serializable');
      throw error;
    }
  }

  #heard({ names, isLost }: Invalidation): void {
    this.#drop(names);
    // Whoever hears of it helps to make up for it, also should the one who asked for it die.
    if (isLost) this.#lost.add(names);
    cacheInvalidationChannel.publish({ where: 'heard' });
  }

  #remember(names: readonly string[]): void {
    this.#lost.add(names);
    cacheInvalidationChannel.publish({ where: 'remembered' });
    // Nobody waits for this: it is the second attempt at a Redis that has just failed.
    void this.redis.announce(this.#channel, this.#feed.message(names, true));
  }

  #makeUp(): Promise<void> {
    return this.#lost.makeUp((names) => this.redis.remove(names, this.#channel, this.#feed.message(names)));
  }

  #drop(names: readonly string[]): void {
    this.ledger.note(names);
    for (const name of names) this.#memory.delete(name);
  }
}

function lifeOf({ ttlSeconds, graceSeconds, jitter }: ResolvedEntryOptions): Life {
  const freshMs = Math.max(1, Math.round(ttlSeconds * 1000 * (1 - jitter * Math.random())));
  return { freshMs, totalMs: freshMs + Math.round(graceSeconds * 1000) };
}

/** Here a cut text is still a miss. */
function parsed(entry: Entry): Entry | undefined {
  try {
    entry.parse();
    return entry;
  } catch {
    return discard('corrupt');
  }
}
