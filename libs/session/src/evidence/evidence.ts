/** What a session says about itself, when it is asked whether it was ended. */
export interface SessionClaim {
  /** Hash of the session id. */
  readonly sidHash: string;
  /** Hash of the user's id; empty for a guest. */
  readonly userHash: string;
  /** What stays the same when the id is rotated: `deviceId`. Empty for a guest. */
  readonly lineage: string;
  /** Sign-in, milliseconds since the epoch. */
  readonly startedAt: number;
  /** When the session Redis last confirmed it, milliseconds since the epoch. */
  readonly verifiedAt: number;
}

/** `not-known`: this process cannot say at the moment whether it would have heard of an end. */
export type Verdict = 'clear' | 'revoked' | 'not-known';

/** What this process knows about ended sessions, without asking anybody. */
export abstract class Evidence {
  /** Judges a session that Redis could not confirm just now. Never waits. */
  abstract judge(claim: SessionClaim): Verdict;

  /** How long ago this process last heard everything that Redis or the mirror knew, milliseconds; `Infinity` before that. */
  abstract get feedAgeMs(): number;

  /** Whether there is evidence that a session was ended, however old the feed is; for sessions that Redis has confirmed. */
  abstract condemns(claim: Omit<SessionClaim, 'verifiedAt'>): boolean;
}
