import { DeadlineExceededError } from './redis.errors.js';

/** A call that has not settled yet. */
interface Wait {
  readonly until: number;
  isOver: boolean;
  expire(): void;
}

/**
 * Calls with one and the same deadline. They end in the order in which they began, so one timer serves them all: it is set
 * for the oldest, and not once for each call, which costs as much as the call's own work.
 */
class Deadlines {
  readonly #waits: Wait[] = [];
  #first = 0;
  #pending = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly deadlineMs: number) {}

  begin(expire: () => void): Wait {
    const wait = { until: performance.now() + this.deadlineMs, isOver: false, expire };
    this.#waits.push(wait);
    this.#pending += 1;
    this.#timer ??= setTimeout(() => this.#look(), this.deadlineMs);
    if (this.#pending === 1) this.#timer.ref();
    return wait;
  }

  end(wait: Wait): void {
    if (wait.isOver) return;
    wait.isOver = true;
    this.#pending -= 1;
    // A process that waits for nothing may end.
    if (this.#pending === 0) this.#timer?.unref();
  }

  #look(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (; this.#first < this.#waits.length; this.#first += 1) {
      const wait = this.#waits[this.#first] as Wait;
      if (wait.isOver) continue;
      // Node's timers may fire a fraction of a millisecond early.
      if (wait.until - now > 1) break;
      this.end(wait);
      wait.expire();
    }
    this.#waits.splice(0, this.#first);
    this.#first = 0;
    const next = this.#waits[0];
    if (next) this.#timer = setTimeout(() => this.#look(), next.until - now);
  }
}

const byDeadline = new Map<number, Deadlines>();

/** Settles as `work` does, or rejects with {@link DeadlineExceededError} after `deadlineMs`. */
export function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  const deadlines = byDeadline.get(deadlineMs) ?? new Deadlines(deadlineMs);
  byDeadline.set(deadlineMs, deadlines);
  return new Promise<T>((resolve, reject) => {
    const wait = deadlines.begin(() => reject(new DeadlineExceededError(deadlineMs)));
    work.then(
      (value) => {
        deadlines.end(wait);
        resolve(value);
      },
      (error: Error) => {
        deadlines.end(wait);
        reject(error);
      },
    );
  });
}
