import { createHmac } from 'node:crypto';

/** The session group's keys. Ids are peppered and hashed: who reads a dump can present no cookie. */
export class SessionKeys {
  constructor(private readonly pepper: string) {}

  record(sid: string): string {
    return `sess:${this.#hash(`sid:${sid}`)}`;
  }

  /** The set of a user's record keys: sessions are listed without a SCAN. */
  userIndex(userId: string): string {
    return `sess:user:${this.#hash(`user:${userId}`)}`;
  }

  #hash(text: string): string {
    return createHmac('sha256', this.pepper).update(text).digest('base64url');
  }
}
