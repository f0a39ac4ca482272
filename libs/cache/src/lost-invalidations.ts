/** More keys than this are not remembered one by one; a value lives no longer than its ttl anyhow. */
const mostRemembered = 10_000;

/**
 * Invalidations that Redis did not take: until they are made up for, this process takes their keys as absent, so that
 * an edit made during an outage does not show the old value after it.
 */
export class LostInvalidations {
  readonly #keys = new Set<string>();

  /** @param remove tells whether Redis took the deletion, also of keys that it does not have */
  constructor(private readonly remove: (keys: readonly string[]) => Promise<boolean>) {}

  has(key: string): boolean {
    return this.#keys.size > 0 && this.#keys.has(key);
  }

  add(keys: readonly string[]): void {
    for (const key of keys) {
      if (this.#keys.size < mostRemembered) this.#keys.add(key);
    }
  }

  /** Redis takes writes again. A key that fails once more is added once more by the store. */
  makeUp(): void {
    if (this.#keys.size === 0) return;
    const keys = [...this.#keys];
    void this.remove(keys).then((taken) => {
      if (taken) for (const key of keys) this.#keys.delete(key);
    });
  }
}
