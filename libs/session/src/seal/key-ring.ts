import { Seal } from './seal.js';
import { SealKey, type SealPurpose } from './seal-key.js';

/**
 * The secrets that seal session data, newest first: the first seals, all of them open. A new one is added in two steps:
 * behind the present one until every process knows it, then in front.
 */
export class SealKeyRing {
  readonly #keys: readonly SealKey[];

  /** @throws {TypeError} without a secret, or when one stands there twice. */
  constructor(
    secrets: readonly string[],
    private readonly now: () => number = Date.now,
  ) {
    this.#keys = secrets.map((secret) => new SealKey(secret));
    const ids = new Set(this.#keys.map(({ id }) => id.toString('hex')));
    if (secrets.length === 0 || ids.size < secrets.length) {
      throw new TypeError('Session options: `sealKeys`: expected one or more secrets, each of them once');
    }
  }

  /** Seals and opens for one purpose. */
  for(purpose: SealPurpose): Seal {
    return new Seal(this.#keys, purpose, this.now);
  }
}
