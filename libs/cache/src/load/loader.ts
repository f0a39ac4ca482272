import { markDegraded } from '@trivet/redis';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackingOffError, CacheLoadTimeoutError } from '../cache.errors.js';
import { cacheLoadChannel, type CacheLoadEvent, type CacheOutcome } from '../cache.events.js';
import type { ResolvedCacheOptions, ResolvedEntryOptions } from '../cache.options.js';
import { CACHE_GROUP } from '../cache.tokens.js';
import type { Entry } from '../memory/entry.js';
import { publishLookup } from '../publish-lookup.js';
import type { Lease } from '../redis/redis-tier.js';
import type { EntryNames } from '../redis/scope.js';
import { BackOff } from './back-off.js';
import { patiently } from './patience.js';
import type { Found, Tiers } from './tiers.js';

/** Loads a value from where it comes from. The signal fires when nobody waits for the run any more. */
export type CacheFactory<T> = (context: { readonly signal: AbortSignal }) => Promise<T>;

/** A wish for a value. */
export interface Wish<T> {
  readonly names: EntryNames;
  readonly factory: CacheFactory<T>;
  readonly options: ResolvedEntryOptions;
}

/** A value and where it came from. */
export interface CacheLookup<T> {
  readonly value: T;
  /** What an HTTP answer says as `X-Cache`. */
  readonly outcome: CacheOutcome;
}

interface Load {
  readonly sequence: number;
  readonly names: EntryNames;
  readonly abort: AbortController;
  readonly result: Promise<CacheLookup<unknown>>;
}

interface Run<T> {
  readonly lookup: CacheLookup<T>;
  /** An invalidation came while the origin ran. */
  readonly isOvertaken: boolean;
}

const shortestPauseMs = 10;
const longestPauseMs = 50;

/**
 * Runs origins: one run for a key in this process, and one in all of them while Redis answers. Whatever ends a run (success,
 * failure, an invalidation), everybody who waits for it gets the same.
 */
export class Loader {
  readonly #loads = new Map<string, Load>();
  readonly #backOff: BackOff;

  constructor(
    private readonly tiers: Tiers,
    private readonly options: ResolvedCacheOptions,
  ) {
    this.#backOff = new BackOff(() => tiers.clock.monotonic());
  }

  /** @throws what the factory throws, or {@link CacheLoadTimeoutError}, when there is no last good value */
  async get<T>(wish: Wish<T>): Promise<CacheLookup<T>> {
    const found = await this.tiers.find(wish.names);
    if (found.redis === 'away') markDegraded(CACHE_GROUP);
    const lookup = found.fresh ? hit<T>(found.fresh) : await this.#withoutFresh(wish, found);
    publishLookup(lookup.outcome);
    return lookup;
  }

  /** Ends every run's lease. */
  close(): void {
    for (const { abort } of this.#loads.values()) abort.abort();
    this.#loads.clear();
  }

  #withoutFresh<T>(wish: Wish<T>, found: Found): CacheLookup<T> | Promise<CacheLookup<T>> {
    const { options, names } = wish;
    const age = found.last ? this.tiers.clock.now() - found.last.freshUntil : Infinity;
    const last = age < options.graceSeconds * 1000 ? found.last : undefined;
    if (!last) return this.#withoutLast(wish, found);
    const stale = (): CacheLookup<T> => ({ value: last.value as T, outcome: 'STALE' });
    if (this.#backOff.isOn(names.value)) return stale();
    const load = this.#underWay<T>(names) ?? this.#start(wish, found);
    if (found.isVouchedFor && age < options.revalidateSeconds * 1000) return stale();
    return patiently(load, options.softTimeoutMs, stale).catch(stale);
  }

  #withoutLast<T>(wish: Wish<T>, found: Found): Promise<CacheLookup<T>> {
    const { hardTimeoutMs } = wish.options;
    const load = this.#underWay<T>(wish.names) ?? this.#start(wish, { ...found, last: undefined });
    return patiently(load, hardTimeoutMs, () => Promise.reject(new CacheLoadTimeoutError(hardTimeoutMs)));
  }

  /** The load that is under way, unless an invalidation has come since it began. */
  #underWay<T>({ value: name }: EntryNames): Promise<CacheLookup<T>> | undefined {
    const { ledger } = this.tiers;
    const load = this.#loads.get(name);
    const isCurrent =
      load && load.sequence >= ledger.floor && !ledger.hitSince(load.names.all, load.sequence);
    return isCurrent ? (load.result as Promise<CacheLookup<T>>) : undefined;
  }

  #start<T>(wish: Wish<T>, found: Found): Promise<CacheLookup<T>> {
    const { value: name } = wish.names;
    const { sequence } = this.tiers.ledger;
    const abort = new AbortController();
    const result = this.#run(wish, found, abort.signal);
    const load: Load = { sequence, names: wish.names, abort, result };
    this.#loads.set(name, load);
    const leave = () => {
      if (this.#loads.get(name) === load) this.#loads.delete(name);
    };
    // A hang must not pin a key.
    const timer = setTimeout(() => {
      leave();
      abort.abort();
    }, this.options.abandonMs).unref();
    // Those who wait have handlers of their own; a load behind the scenes has nobody.
    result
      .catch(() => undefined)
      .finally(() => {
        clearTimeout(timer);
        leave();
      });
    return result;
  }

  /** Once more, from the start, when an invalidation has overtaken it. */
  async #run<T>(wish: Wish<T>, found: Found, signal: AbortSignal): Promise<CacheLookup<T>> {
    const first = await this.#runOnce(wish, found, signal);
    if (!first.isOvertaken || signal.aborted) return first.lookup;
    const again = await this.tiers.find(wish.names);
    if (again.fresh) return hit(again.fresh);
    return (await this.#runOnce(wish, again, signal)).lookup;
  }

  async #runOnce<T>(wish: Wish<T>, found: Found, signal: AbortSignal): Promise<Run<T>> {
    const { names, factory, options } = wish;
    const right = found.redis === 'away' ? undefined : await this.#acquire(wish, found);
    if (right && 'entry' in right) {
      return { lookup: hit(right.entry), isOvertaken: false };
    }
    const { sequence } = this.tiers.ledger;
    const startedAt = this.tiers.clock.monotonic();
    const stopRenewing = this.#keepRenewing(names, right?.lease, signal);
    try {
      const value = await factory({ signal });
      this.#backOff.end(names.value);
      const kept = await this.tiers.keep({ names, value, options }, right?.lease, sequence);
      const isOvertaken = kept === 'overtaken';
      this.#publish(isOvertaken ? 'overtaken' : 'kept', startedAt);
      return { lookup: { value, outcome: 'MISS' }, isOvertaken };
    } catch (error) {
      this.#publish('failed', startedAt);
      const backOffMs = found.last ? options.backOffSeconds * 1000 : 0;
      if (backOffMs > 0) this.#backOff.start(names.value, backOffMs);
      if (right) await this.tiers.redis.giveBack(names, right.lease, backOffMs);
      throw error;
    } finally {
      stopRenewing();
    }
  }

  /**
   * The right to load, or what another process has loaded while we waited, or neither when Redis is away.
   *
   * @throws {BackingOffError} when another process found the origin failing and there is a last value
   */
  async #acquire<T>(wish: Wish<T>, found: Found): Promise<{ lease: Lease } | { entry: Entry } | undefined> {
    const { names, options } = wish;
    const { clock, redis } = this.tiers;
    const lifeMs = Math.round((options.ttlSeconds + options.graceSeconds) * 1000);
    const giveUpAt = clock.monotonic() + this.options.leaseWaitMs;
    let { seen } = found;
    let steal = false;
    for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(1.5 * pauseMs, longestPauseMs)) {
      steal ||= clock.monotonic() >= giveUpAt;
      const begin = await redis.begin(names, this.options.leaseMs, { seen, steal, lifeMs });
      switch (begin.kind) {
        case 'granted':
          return { lease: begin.lease };
        case 'away':
          return undefined;
        case 'changed': {
          const again = await this.tiers.find(names);
          if (again.fresh) return { entry: again.fresh };
          if (again.redis === 'away') return undefined;
          // What cannot be read has no id that both sides agree on: it is written over.
          steal ||= again.seen === seen;
          seen = again.seen;
          break;
        }
        case 'back-off':
          if (!found.last) steal = true;
          else {
            this.#backOff.start(names.value, begin.forMs);
            throw new BackingOffError('The origin failed a moment ago.');
          }
          break;
        case 'busy':
          await sleep(pauseMs * (0.75 + Math.random() / 2), undefined, { ref: false });
      }
    }
  }

  /** A load may take longer than its lease; a process that died renews nothing. */
  #keepRenewing(names: EntryNames, lease: Lease | undefined, signal: AbortSignal): () => void {
    if (!lease) return () => undefined;
    const timer = setInterval(() => {
      void this.tiers.redis.renew(names, lease, this.options.leaseMs);
    }, this.options.leaseMs / 3).unref();
    const stop = () => clearInterval(timer);
    signal.addEventListener('abort', stop, { once: true });
    return stop;
  }

  #publish(outcome: CacheLoadEvent['outcome'], startedAt: number): void {
    if (!cacheLoadChannel.hasSubscribers) return;
    cacheLoadChannel.publish({ outcome, durationMs: this.tiers.clock.monotonic() - startedAt });
  }
}

function hit<T>(entry: Entry): CacheLookup<T> {
  return { value: entry.value as T, outcome: 'HIT' };
}
