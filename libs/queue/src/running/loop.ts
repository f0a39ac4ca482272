/** What a {@link Loop} does over and over. */
export interface LoopOptions {
  /** @returns whether there may be more to do at once */
  readonly step: () => Promise<boolean>;
  /** Pause when there was nothing to do, milliseconds, jittered by a quarter. */
  readonly pauseMs: number;
  /** Told of a step that threw; the loop goes on after a pause. */
  readonly failed: (error: unknown) => void;
}

const pauseAfterFailureMs = 500;

/** Takes a step again at once while there is work, and otherwise when it is woken or after a pause. */
export class Loop {
  #running: Promise<void> | undefined;
  #isStopped = false;
  #isWoken = false;
  #wake: () => void = () => undefined;

  constructor(private readonly options: LoopOptions) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** There may be work: look now, or right after the step that is under way. */
  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /** Settles when the step under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      this.#isWoken = false;
      const pauseMs = await this.options.step().then(
        (hasMore) => (hasMore ? 0 : this.options.pauseMs),
        (error: unknown) => {
          this.options.failed(error);
          return pauseAfterFailureMs;
        },
      );
      if (pauseMs > 0) await this.#sleep(pauseMs * (0.75 + Math.random() / 2));
    }
  }

  #sleep(milliseconds: number): Promise<void> {
    if (this.#isWoken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds).unref();
      this.#wake = () => (clearTimeout(timer), resolve());
    });
  }
}
