import type { Request, Response } from 'express';
import { becomeGuest } from '../guest-session.js';
import type { PresentedSnapshot } from './continuity-cookie.js';
import { ownerOf, type ContinuityParts } from './continuity-parts.js';
import { touchIntervalMs } from '../session.options.js';
import { presentedSession, renewSessionCookie } from './session-cookie.js';
import type { Snapshot } from './snapshot.js';
import { verificationOf } from './verification.js';

/** Gives browsers the snapshot of the session that Redis has just confirmed, and the session's own cookie for longer. */
export class SnapshotWriter {
  constructor(private readonly parts: ContinuityParts) {}

  /**
   * Just before the headers leave, when it is known what became of the session. Cookies are set on a change, and once a minute: an
   * answer that sets one is a larger one, and no cache's.
   */
  beforeHeaders(request: Request, response: Response): void {
    const identity = request.session?.identity;
    const verification = verificationOf(request);
    if (!identity || verification?.mode !== 'live') return;
    const { state, store, cookie } = this.parts;
    const sidHash = state.keys.sid(request.sessionID);
    // Ended while the request was under way: no cookie of it leaves any more.
    if (state.feed.condemns({ sidHash, ...ownerOf(this.parts, identity) })) return becomeGuest(request);
    if (!isPrivate(response)) return;
    const { verifiedAt } = verification;
    const version = store.versionOf(request.session);
    const snapshot = { sidHash, identity, version, verifiedAt, provisional: false };
    const present = cookie.read(request, sidHash);
    const isRecent = present !== undefined && verifiedAt - present.verifiedAt < touchIntervalMs;
    if (!isRecent || isOtherThan(snapshot, present)) cookie.set(response, snapshot);
    if (this.#isToBeRenewed(request, isRecent))
      renewSessionCookie(response, request.sessionID, state.options);
  }

  /** A session that is new, or has changed, gets its cookie from express-session. */
  #isToBeRenewed(request: Request, isRecent: boolean): boolean {
    const { options } = this.parts.state;
    if (isRecent && options.cookieSecrets.length === 1) return false;
    const presented = presentedSession(request, options);
    return presented?.sid === request.sessionID && (!isRecent || presented.outdated);
  }
}

const isOtherThan = (snapshot: Snapshot, present: PresentedSnapshot): boolean =>
  present.outdated || present.provisional || present.version !== snapshot.version;

/** An answer that a shared cache might keep must carry nobody's cookie. One that says nothing of caches becomes private. */
function isPrivate(response: Response): boolean {
  const cacheControl = response.getHeader('Cache-Control');
  if (cacheControl === undefined) response.setHeader('Cache-Control', 'private');
  return cacheControl === undefined || /\b(no-store|private)\b/i.test(String(cacheControl));
}
