import type { Request, Response } from 'express';
import { valuesOf } from '../browser/cookie-header.js';
import type { SealKeyRing } from '../seal/key-ring.js';
import type { ResolvedSessionOptions } from '../session.options.js';
import { sessionCandidateChannel } from './continuity.events.js';
import { SnapshotSeal, type Snapshot } from './snapshot.js';

/** A snapshot that a request brought. */
export interface PresentedSnapshot extends Snapshot {
  /** Whether a key sealed it that is to be retired. */
  readonly outdated: boolean;
}

/** A browser sends what siblings have planted along; so many values are looked at, and no more. */
const mostValues = 4;

/** The cookie in which a browser keeps the sealed snapshot of its session, for all subdomains like the session's own. */
export class ContinuityCookie {
  readonly #name: string;
  readonly #seal: SnapshotSeal;

  constructor(
    private readonly options: ResolvedSessionOptions,
    ring: SealKeyRing,
  ) {
    this.#name = options.continuityCookieName;
    this.#seal = new SnapshotSeal(ring.for('snapshot'), this.#name);
  }

  /** The snapshot of this session. What does not open, or is another session's, is passed over, and never cleared. */
  read(request: Request, sidHash: string): PresentedSnapshot | undefined {
    for (const value of valuesOf(request.headers.cookie, this.#name).slice(0, mostValues)) {
      const read = this.#seal.read(value);
      if (!read.ok) sessionCandidateChannel.publish({ source: 'snapshot', outcome: read.reason });
      else if (read.snapshot.sidHash === sidHash) return { ...read.snapshot, outdated: read.outdated };
    }
    return undefined;
  }

  /** @returns whether the snapshot fits into a cookie. */
  set(response: Response, snapshot: Snapshot): boolean {
    const { cookieScope, cookieLifeMs } = this.options;
    const value = this.#seal.write(snapshot);
    if (value !== undefined) response.cookie(this.#name, value, { ...cookieScope, maxAge: cookieLifeMs });
    return value !== undefined;
  }

  clear(response: Response): void {
    response.clearCookie(this.#name, this.options.cookieScope);
  }
}
