import { DeadlineExceededError } from './redis.errors.js';

/** A call that has not settled yet. */
interface Wait {
  readonly until: number;
  isOver: boolean;
  readonly reject: (error: DeadlineExceededError) => void;
}

/** Moving the rest of a list costs as much as one call for some hundred of them. */
const forgottenAtOnce = 512;

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

  begin(now: number, reject: Wait['reject']): Wait {
    const wait = { until: now + this.deadlineMs, isOver: false, reject };
    this.#waits.push(wait);
    this.#pending += 1;
    this.#timer ??= this.#lookIn(this.deadlineMs);
    if (this.#pending === 1) this.#timer.ref();
    return wait;
  }

  end(wait: Wait): void {
    if (wait.isOver) return;
    wait.isOver = true;
    this.#pending -= 1;
    this.#forget();
    // A process that waits for nothing may end.
    if (this.#pending === 0) this.#timer?.unref();
  }

  /** Lets go of the calls that are over, instead of keeping each one until its deadline. */
  #forget(): void {
    while (this.#waits[this.#first]?.isOver) this.#first += 1;
    if (this.#first < this.#waits.length && this.#first < forgottenAtOnce) return;
    this.#waits.splice(0, this.#first);
    this.#first = 0;
  }

  /**
   * Timers come before sockets: after the process itself was held up, a reply may be there that has not been read. It is,
   * before a call is given up.
   */
  #lookIn(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => setImmediate(() => this.#look()), milliseconds);
  }

  #look(): void {
    this.#timer = undefined;
    const now = performance.now();
    let oldest = this.#waits[this.#first];
    // Node's timers may fire a fraction of a millisecond early.
    while (oldest && oldest.until - now <= 1) {
      this.end(oldest);
      oldest.reject(new DeadlineExceededError(this.deadlineMs));
      oldest = this.#waits[this.#first];
    }
    if (oldest) this.#timer = this.#lookIn(oldest.until - now);
  }
}

const byDeadline = new Map<number, Deadlines>();

function deadlinesOf(deadlineMs: number): Deadlines {
  let deadlines = byDeadline.get(deadlineMs);
  if (!deadlines) byDeadline.set(deadlineMs, (deadlines = new Deadlines(deadlineMs)));
  return deadlines;
}

/**
 * Settles as `work` does, or rejects with {@link DeadlineExceededError} after `deadlineMs`.
 *
 * @param now the time on `performance`'s clock, from a caller who has just read it
 */
export function withDeadline<T>(
  work: Promise<T>,
  deadlineMs: number,
  now: number = performance.now(),
): Promise<T> {
  const deadlines = deadlinesOf(deadlineMs);
  return new Promise<T>((resolve, reject) => {
    const wait = deadlines.begin(now, reject);
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
