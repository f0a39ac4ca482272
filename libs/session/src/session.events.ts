import { channel } from 'node:diagnostics_channel';
import type { LossCause } from './recovery/heart-watch.js';

/**
 * One line of a session's life, in the words of OWASP's logging vocabulary, published on `trivet:session:audit`. Ids are peppered
 * hashes: the same session has the same, and nobody can be found by them.
 */
export interface SessionAuditEvent {
  readonly event: 'session_created' | 'session_renewed' | 'session_expired' | 'session_use_after_expire';
  /** Why it expired: `logout`, `revoked`, `limit`, `timeout`. */
  readonly reason?: string;
  /** The app that noticed. */
  readonly app: string;
  readonly session?: string;
  readonly user?: string;
  /** The operator who ended somebody else's sessions. */
  readonly by?: string;
}

/** Sessions were ended, published on `trivet:session:revocation`. */
export interface SessionRevocationEvent {
  readonly scope: 'session' | 'lineage' | 'user' | 'all';
  /** Which stores took the evidence before the caller was answered; none means that it is pending. */
  readonly stored: 'both' | 'redis' | 'mirror' | 'none';
}

/** A session was written, published on `trivet:session:save`. */
export interface SessionSaveEvent {
  /** `gone`: it was ended meanwhile, so nothing was written; `failed`: Redis did not take it. */
  readonly outcome: 'saved' | 'gone' | 'failed';
  /** Keys that another request had written since this one read them; this one's value counts. */
  readonly conflicts: number;
}

/** The session Redis lost data, or may have, published on `trivet:session:loss`. */
export interface SessionLossEvent {
  readonly cause: LossCause;
}

/** How level this process is with the stores of evidence, published on `trivet:session:feed` with every pulse. */
export interface SessionFeedEvent {
  readonly ageMs: number;
  /** Testimonies this process holds. */
  readonly items: number;
  /** Whether there were more than it may hold, so that some now end more sessions than they name. */
  readonly escalated: boolean;
  /** Testimonies that a store has still to be told. */
  readonly owed: { readonly redis: number; readonly mirror: number };
  /** Whether sessions that are absent from Redis may have been lost by it. */
  readonly recovering: boolean;
}

/** A field of a record that no key of the ring opened, published on `trivet:session:unreadable`. */
export interface SessionUnreadableEvent {
  readonly reason: string;
}

export const sessionAuditChannel = channel('trivet:session:audit');
export const sessionRevocationChannel = channel('trivet:session:revocation');
export const sessionSaveChannel = channel('trivet:session:save');
export const sessionLossChannel = channel('trivet:session:loss');
export const sessionFeedChannel = channel('trivet:session:feed');
export const sessionUnreadableChannel = channel('trivet:session:unreadable');
