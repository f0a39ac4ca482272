import type { Redis } from 'ioredis';
import { performance } from 'node:perf_hooks';
import { examine, openConnection, type AdmittedConnection } from './connection.js';
import type { ResolvedRedisOptions } from './redis.options.js';

/** What a {@link Prober} asks of its group. */
export interface ProbedGroup {
  /** The live connection, if there is one. */
  current(): Redis | undefined;
  /** Whether reads and writes are both up. */
  isWhole(): boolean;
  admit(connection: AdmittedConnection): void;
  failed(error: unknown, connection: Redis | undefined): void;
}

/**
 * Watches a group from the background. While it is well, the live connection is examined now and then, so that a
 * server which hangs between requests is found by the probe and not by a user. While anything is down, fresh connections are tried:
 * a fresh one asks DNS and Sentinel again; the first that serves becomes the live one.
 */
export class Prober {
  #timer: NodeJS.Timeout | undefined;
  /** When the next look is due, on `performance`'s clock. */
  #dueAt = Infinity;
  #running: Promise<boolean> | undefined;
  #stopped = true;

  constructor(
    private readonly options: ResolvedRedisOptions,
    private readonly group: ProbedGroup,
  ) {}

  /** Starts probing; settles with the end of the first try. */
  async start(): Promise<void> {
    this.#stopped = false;
    await this.#probe();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Something just broke, or may have: look soon instead of at the next health check. */
  hurry(): void {
    const soon = this.options.probeIntervalMs / 4;
    // Who hurries again and again must not put off the look.
    if (!this.#running && performance.now() + soon < this.#dueAt) this.#schedule(soon);
  }

  #probe(): Promise<boolean> {
    this.#running ??= this.#examineOnce().then((passed) => {
      this.#running = undefined;
      const { healthIntervalMs, probeIntervalMs } = this.options;
      // One bad look at a group that is well is looked into at once.
      this.#schedule(passed && this.group.isWhole() ? healthIntervalMs : probeIntervalMs);
      return passed;
    });
    return this.#running;
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const jittered = delayMs * (0.75 + Math.random() / 2);
    this.#dueAt = performance.now() + jittered;
    this.#timer = setTimeout(() => void this.#probe(), jittered).unref();
  }

  /** @returns whether the group served. */
  async #examineOnce(): Promise<boolean> {
    const live = this.group.current();
    try {
      if (live && this.group.isWhole()) {
        const examination = await examine(live, this.options);
        if (live === this.group.current()) this.group.admit({ redis: live, examination });
      } else {
        this.group.admit(await openConnection(this.options));
      }
      return true;
    } catch (error) {
      this.group.failed(error, live);
      return false;
    }
  }
}
