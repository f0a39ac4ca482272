import { setTimeout as sleep } from 'node:timers/promises';

/** From this many times the fastest bulk on, its wait for bulks of ours apart, somebody else wants Redis or the machine. */
const crowdedFrom = 3;
/** The fastest is that of as many bulks, or of twice as many: what was possible once may not be any more. */
const rememberedBulks = 500;
/** One bulk in 32 times of its own: on a crowded machine no less than it can run, and little of what people feel. */
const smallestSize = 1 / 32;
const longestRestMs = 500;

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

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly rest: (ms: number) => Promise<unknown> = (ms) => sleep(ms),
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
      const restMs = this.#restUntil - this.now();
      if (restMs > 0) await this.rest(restMs);
      const startedAt = this.now();
      await send();
      if (isFull) this.#see(startedAt, ahead);
    } finally {
      this.#underWay -= 1;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  #see(startedAt: number, ahead: number): void {
    const ms = this.now() - startedAt;
    this.#fastestMs = Math.min(this.#fastestMs, ms);
    const isCrowded = ms > (crowdedFrom + ahead) * Math.min(this.#fastestMs, this.#fastestBeforeMs);
    if (isCrowded) this.#shrink(startedAt);
    else if (this.#size < 1) this.#size *= 2;
    else this.#size = Math.min(SendWindow.mostAtOnce, this.#size + 1 / this.#size);
    if (this.#size < 1) this.#restUntil = this.now() + Math.min(ms * (1 / this.#size - 1), longestRestMs);
    this.#bulks += 1;
    if (this.#bulks < rememberedBulks) return;
    this.#fastestBeforeMs = this.#fastestMs;
    this.#fastestMs = Infinity;
    this.#bulks = 0;
  }

  /** Bulks that were under way together tell of the same crowd. */
  #shrink(startedAt: number): void {
    if (startedAt < this.#shrunkAt) return;
    this.#shrunkAt = this.now();
    this.#size = Math.max(smallestSize, this.#size / 2);
  }
}
