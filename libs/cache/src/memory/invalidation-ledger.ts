const mostRemembered = 50_000;

/**
 * What was invalidated lately, by whomever. Everything that begins (a read, a load, an entry in memory) notes
 * {@link InvalidationLedger.sequence}, and asks later whether one of its names was hit since.
 */
export class InvalidationLedger {
  #sequence = 0;
  #floor = 0;
  readonly #lastHit = new Map<string, number>();

  /** Moves with every invalidation, so that equality means: nothing at all happened since. */
  get sequence(): number {
    return this.#sequence;
  }

  /** What began before this may have been hit without our knowing. */
  get floor(): number {
    return this.#floor;
  }

  note(names: readonly string[]): void {
    this.#sequence += 1;
    for (const name of names) {
      this.#lastHit.delete(name);
      this.#lastHit.set(name, this.#sequence);
    }
    while (this.#lastHit.size > mostRemembered) this.#forgetOldest();
  }

  /** Invalidations may have been missed: nothing that began before now can be vouched for. */
  distrust(): void {
    this.#sequence += 1;
    this.#floor = this.#sequence;
    this.#lastHit.clear();
  }

  /** Whether one of the names was invalidated after `since`, as far as is known. */
  hitSince(names: readonly string[], since: number): boolean {
    return since !== this.#sequence && names.some((name) => (this.#lastHit.get(name) ?? 0) > since);
  }

  #forgetOldest(): void {
    for (const [name, sequence] of this.#lastHit) {
      this.#floor = Math.max(this.#floor, sequence);
      this.#lastHit.delete(name);
      return;
    }
  }
}
