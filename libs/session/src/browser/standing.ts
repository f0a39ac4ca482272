import type { Request } from 'express';
import { becomeGuest } from '../guest-session.js';

/**
 * How far a request's session may be taken for its visitor's own.
 *
 * - `trusted`: as far as the session itself is; guests too.
 * - `unbound`: the session is there, the app's binder is not. Reading is answered, a change needs the token.
 * - `unconfirmed`: a page asked with a session that nothing ties to this browser; served as a guest's.
 * - `doubled`: the session cookie came more than once; served as a guest's.
 */
export type Standing = 'trusted' | 'unbound' | 'unconfirmed' | 'doubled';

const standings = new WeakMap<Request, Standing>();

/** What the browser side of the session has found about a request. */
export function standingOf(request: Request): Standing {
  return standings.get(request) ?? 'trusted';
}

/** Notes it for the rest of the request. */
export function setStanding(request: Request, standing: Standing): void {
  standings.set(request, standing);
}

/** Serves the rest of the request as a guest's, because nothing ties its session to this browser. */
export function doubtSession(request: Request): void {
  setStanding(request, 'unconfirmed');
  becomeGuest(request);
}
