/** A process that is killed takes with it what it has counted since; more often would take the machine from those who are measured. */
const WATCH_MS = 1_000;
const LIMIT_MS = 1_000;

/** Sums counters over processes that are killed and start again from nothing. */
export class Metrics {
  readonly #before = new Map<string, number>();
  readonly #now = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param bases where `/metrics` is, by process */
  constructor(private readonly bases: Readonly<Record<string, string>>) {}

  watch(): void {
    this.#timer = setInterval(() => void this.look(), WATCH_MS);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** Reads them all once more; a process that does not answer keeps what it last said. */
  async look(): Promise<void> {
    await Promise.all(
      Object.entries(this.bases).map(async ([name, base]) => {
        const text = await fetch(`${base}/metrics`, { signal: AbortSignal.timeout(LIMIT_MS) })
          .then((answer) => answer.text())
          .catch(() => '');
        this.read(name, text);
      }),
    );
  }

  /** Takes what a process says of its counters. */
  read(name: string, text: string): void {
    for (const [, series = '', value] of text.matchAll(/^(trivet_queue_\w+_total(?:\{[^}]*\})?) (\S+)$/gm)) {
      const key = `${name} ${series}`;
      const last = this.#now.get(key) ?? 0;
      // A counter that has become smaller belongs to a new life of the process.
      if (Number(value) < last) this.#before.set(key, (this.#before.get(key) ?? 0) + last);
      this.#now.set(key, Number(value));
    }
  }

  /** The sum of all series that match, over all processes and lives. */
  sum(pattern: RegExp): number {
    const keys = [...this.#now.keys()].filter((key) => pattern.test(key));
    return keys.reduce((sum, key) => sum + (this.#now.get(key) ?? 0) + (this.#before.get(key) ?? 0), 0);
  }
}
