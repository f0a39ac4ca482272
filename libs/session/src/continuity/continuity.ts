import type { Request } from 'express';
import { becomeGuest } from '../guest-session.js';
import type { SessionIdentity } from '../session-record.js';
import { admissionContext, type ContinuityParts } from './continuity-parts.js';
import { sessionServedChannel } from './continuity.events.js';
import { Ladder } from './ladder.js';
import { presentedSession } from './session-cookie.js';
import { Restoration } from './restoration.js';
import type { Snapshot } from './snapshot.js';
import { setVerification, type Verification } from './verification.js';

/** Keeps people signed in while the session Redis is away, and after it has lost their sessions. */
export class Continuity {
  readonly #ladder: Ladder;
  readonly #restoration: Restoration;

  constructor(private readonly parts: ContinuityParts) {
    const { recent, replica, state } = parts;
    this.#ladder = new Ladder({
      replica: (sidHash, leftMs) => replica.find(sidHash, leftMs),
      recent,
      context: (sidHash) => admissionContext(parts, sidHash),
      fullServiceMs: state.options.fullServiceMs,
    });
    this.#restoration = new Restoration(parts);
  }

  /** Redis has answered: remembers whom it has confirmed, and puts back whom it has lost. @throws {RedisUnavailableError} */
  async confirm(request: Request): Promise<void> {
    if (request.session?.identity) return this.confirmed(request);
    const sid = this.#presented(request);
    const snapshot = sid && this.#snapshotOf(request, sid);
    if (snapshot) await this.#restore(request, sid, snapshot);
  }

  /** Redis holds the session that the request has now. */
  confirmed(request: Request): void {
    const { state, store, recent } = this.parts;
    const { session, sessionID } = request;
    const verifiedAt = state.clock.now();
    setVerification(request, { mode: 'live', verifiedAt, provisional: false });
    sessionServedChannel.publish({ mode: 'live' });
    if (!session.identity) return;
    const seen = { identity: session.identity, version: store.versionOf(session), verifiedAt };
    recent.remember(state.keys.sid(sessionID), seen);
  }

  /** Redis has not answered: finds somebody else to vouch for the session. @param startedAt on the monotonic clock */
  async standIn(request: Request, startedAt: number): Promise<void> {
    const sid = this.#presented(request);
    if (!sid) return;
    const snapshot = this.#snapshotOf(request, sid);
    const standby = await this.#ladder.find(this.parts.state.keys.sid(sid), snapshot, startedAt);
    if (!standby) return sessionServedChannel.publish({ mode: 'guest' });
    const { identity, mode, verifiedAt } = standby;
    serve(request, identity, { mode, verifiedAt, provisional: snapshot?.provisional ?? false });
  }

  async #restore(request: Request, sid: string, snapshot: Snapshot): Promise<void> {
    const { store } = this.parts;
    const outcome = await this.#restoration.restore(snapshot.sidHash, snapshot);
    if (outcome === 'refused') return;
    if (outcome === 'waits') {
      const { identity, verifiedAt, provisional } = snapshot;
      becomeGuest(request);
      return serve(request, identity, { mode: 'snapshot', verifiedAt, provisional });
    }
    const found = await store.lookUp(sid);
    if (found.kind !== 'found') return;
    request.sessionID = sid;
    request.session = store.createSession(request, found.session);
    this.confirmed(request);
  }

  #presented(request: Request): string | undefined {
    return presentedSession(request, this.parts.state.options)?.sid;
  }

  #snapshotOf(request: Request, sid: string): Snapshot | undefined {
    return this.parts.cookie.read(request, this.parts.state.keys.sid(sid));
  }
}

/** Gives a request, which has no session id so that nothing is saved and no cookie set, the identity that was vouched for. */
function serve(request: Request, identity: SessionIdentity, verification: Verification): void {
  request.session.identity = identity;
  setVerification(request, verification);
  sessionServedChannel.publish({ mode: verification.mode });
}
