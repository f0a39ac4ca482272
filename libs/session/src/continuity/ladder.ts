import { performance } from 'node:perf_hooks';
import { refusalOf, type AdmissionContext, type AdmissionGuards, type Candidate } from './admission.js';
import { sessionCandidateChannel } from './continuity.events.js';
import type { RecentSessions } from './recent-sessions.js';
import type { SessionMode } from './session-mode.js';
import type { Snapshot } from './snapshot.js';

/** A session that stands in for the one that Redis cannot confirm. */
export interface Standby extends Candidate {
  readonly mode: Exclude<SessionMode, 'live'>;
}

/** What a {@link Ladder} is made of. */
export interface LadderParts {
  /** Reads the session from a replica. @throws whatever keeps it from that; the next rung is tried then */
  readonly replica: (sidHash: string, deadlineMs: number) => Promise<Candidate | 'revoked' | undefined>;
  readonly recent: RecentSessions;
  readonly context: (sidHash: string) => Omit<AdmissionContext, 'deadlineMs'>;
  /** How long after the last confirmation a session is served in full, milliseconds. */
  readonly fullServiceMs: number;
  /** @default all of them */
  readonly guards?: AdmissionGuards;
}

/** What the whole ladder may take, the master's part included, milliseconds. */
const budgetMs = 150;
/** A busy process must not take its own lateness for the database's, milliseconds. */
const leastDeadlineMs = 25;

/**
 * Finds somebody to vouch for a session when the session Redis does not answer: a replica, then this process's own memory, then the
 * sealed snapshot of the browser. Each is judged by the same guards; the first that passes counts.
 */
export class Ladder {
  constructor(private readonly parts: LadderParts) {}

  /** @param startedAt when the request began to ask Redis, on the monotonic clock */
  async find(
    sidHash: string,
    snapshot: Snapshot | undefined,
    startedAt: number,
  ): Promise<Standby | undefined> {
    const leftMs = () => Math.max(leastDeadlineMs, budgetMs - (performance.now() - startedAt));
    const { standings } = this.parts.context(sidHash);
    if (snapshot) standings.prepare(snapshot.identity.userId);
    for await (const candidate of this.#candidates(sidHash, snapshot, leftMs)) {
      if (candidate === 'revoked') return undefined;
      const context = { ...this.parts.context(sidHash), deadlineMs: leftMs() };
      const refusal = await refusalOf(candidate, context, this.parts.guards);
      sessionCandidateChannel.publish({ source: candidate.source, outcome: refusal ?? 'accepted' });
      if (!refusal) return { ...candidate, mode: this.#modeOf(candidate, context.now) };
      if (refusal === 'revoked' || refusal === 'user-revoked') return undefined;
    }
    return undefined;
  }

  async *#candidates(
    sidHash: string,
    snapshot: Snapshot | undefined,
    leftMs: () => number,
  ): AsyncGenerator<Candidate | 'revoked'> {
    const replica = await this.parts.replica(sidHash, leftMs());
    if (replica) yield replica;
    const recent = this.parts.recent.find(sidHash);
    if (recent) yield { source: 'recent', sidHash, ...recent };
    if (snapshot) yield { source: 'snapshot', ...snapshot };
  }

  #modeOf({ source, verifiedAt }: Candidate, now: number): Standby['mode'] {
    return now < verifiedAt + this.parts.fullServiceMs ? source : 'reduced';
  }
}
