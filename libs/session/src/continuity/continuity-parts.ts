import type { SessionIdentity } from '../session-record.js';
import type { SessionState } from '../session.state.js';
import type { SessionStore } from '../session.store.js';
import type { AdmissionContext } from './admission.js';
import type { ContinuityCookie } from './continuity-cookie.js';
import type { RecentSessions } from './recent-sessions.js';
import type { ReplicaRung } from './replica-rung.js';
import type { SubjectStandings } from './subject-standings.js';

/** What continuity is made of. */
export interface ContinuityParts {
  readonly state: SessionState;
  readonly store: SessionStore;
  readonly cookie: ContinuityCookie;
  readonly recent: RecentSessions;
  readonly replica: ReplicaRung;
  readonly standings: SubjectStandings;
}

/** What stands in for a session is judged by this, at this moment. */
export function admissionContext(
  { state, standings }: ContinuityParts,
  sidHash: string,
): Omit<AdmissionContext, 'deadlineMs'> {
  const { clock, feed: evidence, keys, options: limits } = state;
  const userHashOf = (userId: string) => keys.user(userId);
  return { sidHash, now: clock.now(), evidence, standings, userHashOf, limits };
}

/** Whose a session is, as evidence and records name people. */
export function ownerOf({ state }: ContinuityParts, { userId, deviceId, startedAt }: SessionIdentity) {
  return { userHash: state.keys.user(userId), lineage: deviceId, startedAt };
}
