import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { SealKeyRing } from '../seal/key-ring.js';
import type { Seal } from '../seal/seal.js';
import type { SessionIdentity } from '../session-record.js';
import type { ResolvedSessionOptions } from '../session.options.js';
import { RESOLVED_SESSION_OPTIONS } from '../session.tokens.js';
import { AppCookie } from './app-cookie.js';

/**
 * Ties a session to the browser that it belongs to. All subdomains share the session cookie, so a hostile one can plant a session of
 * its own in somebody's browser; it cannot plant the binder: a cookie of this app alone, which seals the session's lineage
 * (what stays when the id is rotated, and is new with each sign-in) for this app. Needs no Redis.
 */
@Injectable()
export class Binder {
  readonly #cookie: AppCookie;
  readonly #seal: Seal;

  constructor(
    @Inject(RESOLVED_SESSION_OPTIONS) private readonly options: ResolvedSessionOptions,
    ring: SealKeyRing,
  ) {
    this.#cookie = new AppCookie('_shared_org_binder', options.secure);
    this.#seal = ring.for('binder');
  }

  /** Whether the request's binder ties this session to its browser; one that an old key sealed is sealed anew. */
  ties(request: Request, response: Response, identity: SessionIdentity): boolean {
    for (const value of this.#cookie.read(request)) {
      const opened = this.#seal.open(value, this.options.app);
      if (!opened.ok || opened.plain !== identity.deviceId) continue;
      if (opened.outdated) this.issue(response, identity);
      return true;
    }
    return false;
  }

  issue(response: Response, { deviceId }: SessionIdentity): void {
    const value = this.#seal.seal(deviceId, this.options.app);
    this.#cookie.set(response, value, this.options.absoluteTimeoutMs);
  }

  clear(response: Response): void {
    this.#cookie.clear(response);
  }
}
