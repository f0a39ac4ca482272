import { LRUCache } from 'lru-cache';
import { createHmac } from 'node:crypto';

/** A request asks for the same hashes several times. */
const mostRemembered = 4096;

/** What stands for ids in the session group and in the mirror: peppered hashes. Who reads a dump can present no cookie. */
export class SessionKeys {
  readonly #hashes = new LRUCache<string, string>({
    max: mostRemembered,
    memoMethod: (text) => createHmac('sha256', this.pepper).update(text).digest('base64url'),
  });

  constructor(private readonly pepper: string) {}

  sid(sid: string): string {
    return this.#hashes.memo(`sid:${sid}`);
  }

  user(userId: string): string {
    return this.#hashes.memo(`user:${userId}`);
  }
}
