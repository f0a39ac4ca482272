import type { Request } from 'express';
import type { SessionIdentity } from '../session-record.js';
import { refusalOf } from './admission.js';
import { admissionContext, type ContinuityParts } from './continuity-parts.js';
import type { Snapshot } from './snapshot.js';
import { setVerification } from './verification.js';

/** The password has just been hashed; the database may take its time once more, milliseconds. */
const deadlineMs = 1000;

/** Signs people in while Redis is away: only the seal holds such a session, until Redis is back and takes it. */
export class ProvisionalSignIn {
  constructor(private readonly parts: ContinuityParts) {}

  /**
   * Gives the request a session under a new id, and its answer the snapshot that holds it.
   *
   * @returns whether it could: not when this process would not believe its own seal at the next request. Then no cookie leaves.
   */
  async start(request: Request, identity: SessionIdentity): Promise<boolean> {
    const { state, store, cookie } = this.parts;
    const verifiedAt = state.clock.now();
    store.generate(request);
    const sidHash = state.keys.sid(request.sessionID);
    const snapshot: Snapshot = { sidHash, identity, version: 1, verifiedAt, provisional: true };
    const context = { ...admissionContext(this.parts, sidHash), deadlineMs };
    const refusal = await refusalOf({ source: 'snapshot', ...snapshot }, context);
    if (refusal || !request.res || !cookie.set(request.res, snapshot)) return false;
    request.session.identity = identity;
    // Nothing tries to save it at the end of the response.
    store.giveUp(request.session);
    setVerification(request, { mode: 'snapshot', verifiedAt, provisional: true });
    return true;
  }
}
