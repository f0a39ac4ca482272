const mostKeys = 10_000;

/** Origins that failed a moment ago, by key: they are left alone while there is another value to serve. */
export class BackOff {
  readonly #until = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  isOn(name: string): boolean {
    const until = this.#until.get(name);
    if (until === undefined) return false;
    if (this.now() < until) return true;
    this.#until.delete(name);
    return false;
  }

  start(name: string, forMs: number): void {
    const [oldest] = this.#until.keys();
    if (this.#until.size >= mostKeys && oldest !== undefined) this.#until.delete(oldest);
    this.#until.set(name, this.now() + forMs);
  }

  end(name: string): void {
    this.#until.delete(name);
  }
}
