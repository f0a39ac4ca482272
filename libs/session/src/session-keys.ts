import { LRUCache } from 'lru-cache';
import { createHmac } from 'node:crypto';

/** A request asks for the same hashes several times. */
const mostRemembered = 4096;

/** What stands for ids in the session group and in the mirror: peppered hashes. Who reads a dump can present no cookie. */
export class SessionKeys {
  readonly #hashes = new LRUCache<string, string>({ max: mostRemembered });

  constructor(private readonly pepper: string) {}

  sid(sid: string): string {
    return this.#hash(`sid:${sid}`);
  }

  user(userId: string): string {
    return this.#hash(`user:${userId}`);
  }

  #hash(text: string): string {
    const known = this.#hashes.get(text);
    if (known !== undefined) return known;
    const hash = createHmac('sha256', this.pepper).update(text).digest('base64url');
    this.#hashes.set(text, hash);
    return hash;
  }
}
