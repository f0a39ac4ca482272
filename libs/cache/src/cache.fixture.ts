import { openGuardedRedis, type GuardedRedis } from '@trivet/redis';
import type { Cache } from './cache.js';
import { resolveCacheOptions, type CacheModuleOptions } from './cache.options.js';
import { CacheRuntime } from './cache.runtime.js';
import { ServerClock } from './redis/server-clock.js';

/** A clock that a spec can put forward. */
class SpecClock extends ServerClock {
  #aheadMs = 0;

  advance(ms: number): void {
    this.#aheadMs += ms;
  }

  override monotonic(): number {
    return super.monotonic() + this.#aheadMs;
  }

  override learn(serverMs: number): void {
    super.learn(serverMs + this.#aheadMs);
  }
}

/** One process's cache in a spec. */
export interface CacheProcess {
  readonly cache: Cache;
  readonly runtime: CacheRuntime;
  readonly redis: GuardedRedis;
  readonly clock: SpecClock;
  close(): void;
}

/** Opens a cache as another process would: with a connection, a memory and a feed of its own. */
export async function openCache(
  url: string,
  options: Omit<CacheModuleOptions, 'redis'> = {},
): Promise<CacheProcess> {
  const group = { group: 'cache', url, healthIntervalMs: 100, bootWaitMs: 1000, deadlineMs: 500 };
  const redis = await openGuardedRedis(group);
  const clock = new SpecClock();
  const runtime = new CacheRuntime(
    redis,
    resolveCacheOptions({ jitter: 0, ...options, redis: group }),
    clock,
  );
  return {
    cache: runtime.cache,
    runtime,
    redis,
    clock,
    close: () => runtime.close(),
  };
}

/** An origin that counts its runs and waits for permission. */
export class Origin {
  runs = 0;
  value: unknown = 'first';
  #release: (() => void) | undefined;
  #begun: (() => void) | undefined;

  /** Answers at once. */
  readonly load = async () => {
    this.runs += 1;
    return this.value;
  };

  /** Answers, with the value it found at its start, when {@link Origin.finish} is called. */
  readonly loadSlowly = async () => {
    this.runs += 1;
    const { value } = this;
    const released = new Promise<void>((resolve) => (this.#release = resolve));
    this.#begun?.();
    await released;
    return value;
  };

  /** Resolves when a slow load has begun. */
  begun(): Promise<void> {
    return new Promise((resolve) => (this.#begun = resolve));
  }

  finish(): void {
    this.#release?.();
  }
}
