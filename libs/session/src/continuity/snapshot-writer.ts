import type { Request, Response } from 'express';
import { becomeGuest } from '../guest-session.js';
import { ownerOf, type ContinuityParts } from './continuity-parts.js';
import type { Snapshot } from './snapshot.js';
import { verificationOf } from './verification.js';

/** A snapshot is sealed anew when its last confirmation is this old, milliseconds. */
const resealAfterMs = 60_000;

/** Gives browsers the snapshot of the session that Redis has just confirmed. */
export class SnapshotWriter {
  constructor(private readonly parts: ContinuityParts) {}

  /** Just before the headers leave, when it is known what became of the session. */
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
    if (this.#isDue(request, snapshot)) cookie.set(response, snapshot);
  }

  /** Only on a change, and once a minute: an answer that sets a cookie is a larger one, and no cache's. */
  #isDue(request: Request, snapshot: Snapshot): boolean {
    const present = this.parts.cookie.read(request, snapshot.sidHash);
    return (
      !present ||
      present.outdated ||
      present.provisional ||
      present.version !== snapshot.version ||
      snapshot.verifiedAt - present.verifiedAt >= resealAfterMs
    );
  }
}

/** An answer that a shared cache might keep must carry nobody's cookie. One that says nothing of caches becomes private. */
function isPrivate(response: Response): boolean {
  const cacheControl = response.getHeader('Cache-Control');
  if (cacheControl === undefined) response.setHeader('Cache-Control', 'private');
  return cacheControl === undefined || /\b(no-store|private)\b/i.test(String(cacheControl));
}
