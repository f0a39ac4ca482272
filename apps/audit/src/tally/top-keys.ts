import { type MeasuredKey } from '../redis/scan.js';

/** The largest keys, largest first; holds no more than `limit`. */
export class TopKeys {
  readonly #keys: MeasuredKey[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** SCAN may bring a key twice; the list holds it once. */
  add(key: MeasuredKey): void {
    const isFull = this.#keys.length === this.#limit;
    if (isFull && key.bytes <= (this.#keys.at(-1)?.bytes ?? 0)) return;
    if (this.#keys.some(({ name }) => name.equals(key.name))) return;
    // Copied, because the name is a slice of a whole network packet.
    this.#keys.splice(this.#placeOf(key.bytes), 0, { ...key, name: Buffer.from(key.name) });
    if (isFull) this.#keys.pop();
  }

  get all(): readonly MeasuredKey[] {
    return this.#keys;
  }

  /** By bisection; after those of the same size. */
  #placeOf(bytes: number): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#keys[middle]?.bytes ?? 0) >= bytes) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
