/** Runs actions later but always in order, on one timer. */
export class DelayLine {
  readonly #waiting: { readonly dueAt: number; readonly run: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  push(delayMs: number, run: () => void): void {
    if (delayMs === 0 && this.#waiting.length === 0) return run();
    const earliest = this.#waiting.at(-1)?.dueAt ?? 0;
    this.#waiting.push({ dueAt: Math.max(earliest, performance.now() + delayMs), run });
    this.#arm();
  }

  /** Runs what is left, now. */
  flush(): void {
    const left = this.#waiting.splice(0);
    this.clear();
    for (const { run } of left) run();
  }

  /** Drops what is left. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.length = 0;
  }

  #arm(): void {
    const next = this.#waiting[0];
    if (this.#timer || !next) return;
    this.#timer = setTimeout(() => this.#runDue(), Math.ceil(next.dueAt - performance.now()));
  }

  #runDue(): void {
    this.#timer = undefined;
    const now = performance.now();
    while (this.#waiting[0] && this.#waiting[0].dueAt <= now) this.#waiting.shift()?.run();
    this.#arm();
  }
}
