import { channel } from 'node:diagnostics_channel';
import type { Candidate, Refusal } from './admission.js';
import type { SessionMode } from './session-mode.js';
import type { SnapshotFailure } from './snapshot.js';

/** How a signed-in request was served, published on `trivet:session:served`. */
export interface SessionServedEvent {
  /** `guest`: it came with a session that nothing could vouch for. */
  readonly mode: SessionMode | 'guest';
}

/** What stood in for a session was let in or not, published on `trivet:session:candidate`. */
export interface SessionCandidateEvent {
  readonly source: Candidate['source'];
  readonly outcome: 'accepted' | Refusal | SnapshotFailure;
}

export const sessionServedChannel = channel('trivet:session:served');
export const sessionCandidateChannel = channel('trivet:session:candidate');
