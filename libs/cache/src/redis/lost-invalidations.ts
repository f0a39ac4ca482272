/** More names than this are not remembered one by one. */
const mostRemembered = 10_000;

/**
 * Invalidations that Redis did not take: until they are made up for, this process takes what they name as absent, so that
 * an edit made during an outage does not show the old value after it.
 */
export class LostInvalidations {
  readonly #names = new Set<string>();

  /** @param everything stands for all the others once there are too many; taking it away empties the cache */
  constructor(private readonly everything: string) {}

  get size(): number {
    return this.#names.size;
  }

  has(names: readonly string[]): boolean {
    return this.#names.size > 0 && names.some((name) => this.#names.has(name));
  }

  add(names: readonly string[]): void {
    for (const name of names) this.#names.add(name);
    if (this.#names.size <= mostRemembered) return;
    this.#names.clear();
    this.#names.add(this.everything);
  }

  /** Redis takes writes again. @param remove tells whether Redis took it */
  async makeUp(remove: (names: readonly string[]) => Promise<boolean>): Promise<void> {
    const names = [...this.#names];
    if (names.length > 0 && (await remove(names))) for (const name of names) this.#names.delete(name);
  }
}
