import { createHash, hkdfSync } from 'node:crypto';

/** What a sealed text is for. A text that was sealed for one purpose opens for no other. */
export type SealPurpose = 'record' | 'snapshot' | 'ticket' | 'binder';

/** Subkeys that are kept ready; a text of a day long past costs a derivation. */
const mostSubkeys = 64;
const keyBytes = 32;

/** One secret of the ring: it names itself, and a subkey for each purpose and day comes out of it. */
export class SealKey {
  /** Four bytes that name the key in what it sealed; they follow from the secret, so there is nothing to configure. */
  readonly id: Buffer;
  readonly #subkeys = new Map<string, Buffer>();

  constructor(private readonly secret: string) {
    this.id = createHash('sha256').update(`trivet:seal-key-id:${secret}`).digest().subarray(0, 4);
  }

  /**
   * A key that seals for one purpose on one day. NIST SP 800-38D allows 2^32 random nonces for each key; a key of a day's own
   * never comes near them.
   */
  subkey(purpose: SealPurpose, day: number): Buffer {
    const name = `${purpose}:${day}`;
    const known = this.#subkeys.get(name);
    if (known) return known;
    const subkey = Buffer.from(hkdfSync('sha256', this.secret, 'trivet:seal', name, keyBytes));
    if (this.#subkeys.size >= mostSubkeys) this.#subkeys.clear();
    this.#subkeys.set(name, subkey);
    return subkey;
  }
}
