import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** From this many times the fastest bulk on, its wait for bulks of ours apart, somebody else wants Redis or the machine. */
const crowdedFrom = 3;
/** The fastest is that of as many bulks, or of twice as many: what was possible once may not be any more. */
const rememberedBulks = 500;
/** One bulk in 32 times of its own: on a crowded machine no less than it can run, and little of what people feel. */
const smallestSize = 1 / 32;
const longestRestMs = 500;

/** The times that a {@link SendWindow} goes by, milliseconds. */
export interface WindowClock {
  now(): number;
  rest(ms: number): Promise<unknown>;
  /** How long this process has had nothing to do so far. */
  idleMs(): number;
}

const machineClock: WindowClock = {
  now: () => performance.now(),
  rest: (ms) => sleep(ms),
  idleMs: () => performance.eventLoopUtilization().idle,
};

/**
 * How many bulks the relay has under way. More of them make it faster as long as Redis has nothing else to do; after that they only
 * queue up, and whoever adds a job waits behind them. So it takes one more while bulks are about as fast as they can be, half as
 * many as soon as they are not. Half of a single one is one and a rest as long, and so on: a hiccup costs little, and what lasts makes
 * it wait (congestion control by delay, as TCP Vegas does).
 */
export class SendWindow {
  /** Enough for Redis seldom to wait for the next one. */
  static readonly mostAtOnce = 4;
  #size = 1;
  #underWay = 0;
  #restUntil = 0;
  #shrunkAt = -Infinity;
  #fastestMs = Infinity;
  #fastestBeforeMs = Infinity;
  #bulks = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param isAlone whether this process does nothing but relay, so that what it computes keeps nobody else waiting */
  constructor(
    private readonly isAlone: () => boolean,
    private readonly clock: WindowClock = machineClock,
  ) {}

  /** How many bulks may be under way. */
  get size(): number {
    return Math.max(1, Math.floor(this.#size));
  }

  /** Begins with one bulk again. */
  reset(): void {
    this.#size = 1;
  }

  /** Runs `send` when there is room. @param isFull whether it is as large as others, so that its time can be compared */
  async run(isFull: boolean, send: () => Promise<void>): Promise<void> {
    while (this.#underWay >= this.size) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const ahead = this.#underWay;
    this.#underWay += 1;
    try {
      const restMs = this.#restUntil - this.clock.now();
      if (restMs > 0) await this.clock.rest(restMs);
      const [startedAt, idleMs] = [this.clock.now(), this.clock.idleMs()];
      await send();
      if (isFull) this.#see(startedAt, ahead, this.clock.idleMs() - idleMs);
    } finally {
      this.#underWay -= 1;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  #see(startedAt: number, ahead: number, idleMs: number): void {
    const ms = this.clock.now() - startedAt;
    this.#fastestMs = Math.min(this.#fastestMs, ms);
    const waitedMs = this.isAlone() ? idleMs : ms;
    const isCrowded = waitedMs > (crowdedFrom + ahead) * Math.min(this.#fastestMs, this.#fastestBeforeMs);
    if (isCrowded) this.#shrink(startedAt);
    else if (this.#size < 1) this.#size *= 2;
    else this.#size = Math.min(SendWindow.mostAtOnce, this.#size + 1 / this.#size);
    if (this.#size < 1)
      this.#restUntil = this.clock.now() + Math.min(ms * (1 / this.#size - 1), longestRestMs);
    this.#bulks += 1;
    if (this.#bulks < rememberedBulks) return;
    this.#fastestBeforeMs = this.#fastestMs;
    this.#fastestMs = Infinity;
    this.#bulks = 0;
  }

  /** Bulks that were under way together tell of the same crowd. */
  #shrink(startedAt: number): void {
    if (startedAt < this.#shrunkAt) return;
    this.#shrunkAt = this.clock.now();
    this.#size = Math.max(smallestSize, this.#size / 2);
  }
}
