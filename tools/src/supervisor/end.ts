/** The wish to end: the first one asks for an orderly stop, the second one no longer waits for it. */
export class End {
  readonly #controller = new AbortController();
  #firstAt = 0;

  /** Aborted by the first wish. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Resolves at the first wish. */
  get requested(): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) resolve();
      this.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  request(): void {
    const now = performance.now();
    if (!this.signal.aborted) {
      this.#firstAt = now;
      this.#controller.abort();
    } else if (now - this.#firstAt > SAME_WISH_MS) {
      // Each process has a guard that ends it when this one is gone.
      process.exit(130);
    }
  }
}

/** Ctrl-C comes twice: from the terminal, and once more from npm, which passes it on. */
const SAME_WISH_MS = 500;

/** An {@link End} that signals, and a terminal that goes away, ask for. */
export function listenForTheEnd(): End {
  const end = new End();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end.request());
  process.stdout.once('error', () => end.request());
  return end;
}
