import { latencyOf, type Latency } from '../measure/percentile.js';
import { post, type Placed, type Reply } from './client.js';

/** One accepted job, and when the client was told so, in milliseconds since the epoch. */
export interface Accepted extends Placed {
  readonly at: number;
}

/** Adds jobs one by one at a steady rate: an open loop, so slow answers do not make fewer requests. */
export class Load {
  readonly accepted: Accepted[] = [];
  readonly #ms: number[] = [];
  readonly #statuses = new Map<number, number>();
  readonly #pending = new Set<Promise<unknown>>();
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;

  constructor(
    private readonly doors: readonly number[],
    private readonly perSecond: number,
    private readonly path = '/jobs',
  ) {}

  /** Requests so far. */
  get sent(): number {
    return this.#sent;
  }

  /** How long accepted jobs took to be. */
  get latency(): Latency {
    return latencyOf(this.#ms);
  }

  /** How many answers there were of each status; 0: none. */
  get statuses(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#statuses);
  }

  /** Adds jobs while `work` is under way. Resolves, or rejects as `work` does, once all is answered or given up. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#start();
    try {
      return await work();
    } finally {
      clearInterval(this.#timer);
      await Promise.all(this.#pending);
    }
  }

  #start(): void {
    const startedAt = performance.now();
    const before = this.#sent;
    this.#timer = setInterval(() => {
      const due = before + ((performance.now() - startedAt) * this.perSecond) / 1_000;
      while (this.#sent < due) this.#track(post(this.#door(), this.path));
    }, 5);
  }

  #door(): number {
    return this.doors[this.#sent++ % this.doors.length] as number;
  }

  #track(asking: Promise<Reply>): void {
    const done = asking.then((reply) => this.#note(reply)).finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }

  #note({ status, accepted, ms }: Reply): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    if (status !== 202) return;
    this.#ms.push(ms);
    const at = Date.now();
    for (const placed of accepted) this.accepted.push({ ...placed, at });
  }
}
