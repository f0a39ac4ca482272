import { createHmac } from 'node:crypto';

/** What stands for ids in the session group and in the mirror: peppered hashes. Who reads a dump can present no cookie. */
export class SessionKeys {
  constructor(private readonly pepper: string) {}

  sid(sid: string): string {
    return this.#hash(`sid:${sid}`);
  }

  user(userId: string): string {
    return this.#hash(`user:${userId}`);
  }

  #hash(text: string): string {
    return createHmac('sha256', this.pepper).update(text).digest('base64url');
  }
}
