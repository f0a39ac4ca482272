import type { Evidence } from '../evidence/evidence.js';
import type { SessionIdentity } from '../session-record.js';
import type { SubjectStandings } from './subject-standings.js';

/** What stands in for a session that the session Redis cannot confirm. */
export interface Candidate {
  readonly source: 'replica' | 'recent' | 'snapshot';
  readonly sidHash: string;
  readonly identity: SessionIdentity;
  readonly version: number;
  /** When the session Redis last confirmed it, milliseconds since the epoch. An outage never renews it. */
  readonly verifiedAt: number;
}

/** Why a candidate was not let in. `revoked` and `user-revoked` are certain; after the others another candidate may do. */
export type Refusal =
  | 'other-session'
  | 'from-the-future'
  | 'too-old'
  | 'over'
  | 'revoked'
  | 'evidence-not-known'
  | 'user-revoked'
  | 'user-not-known';

/** What a candidate is judged by. */
export interface AdmissionContext {
  /** Hash of the session id that the request came with. */
  readonly sidHash: string;
  readonly now: number;
  readonly evidence: Evidence;
  readonly standings: SubjectStandings;
  /** How long the app's database may take, milliseconds. */
  readonly deadlineMs: number;
  readonly userHashOf: (userId: string) => string;
  readonly limits: {
    /** How long after the last confirmation a session is accepted at all, milliseconds. */
    readonly reducedServiceMs: number;
    readonly absoluteTimeoutMs: number;
  };
}

type Guard = (
  candidate: Candidate,
  context: AdmissionContext,
) => Refusal | undefined | Promise<Refusal | undefined>;

/** By how much the clocks of two processes may differ, milliseconds. */
const skewMs = 60_000;
/** Without the database's word only sessions are believed that Redis confirmed this recently, milliseconds. */
const believedWithoutDatabaseMs = 60_000;

/** What every candidate has to pass, whichever rung of the ladder it comes from. */
export const admissionGuards = {
  sameSession: ({ sidHash }, context) => (sidHash === context.sidHash ? undefined : 'other-session'),
  notFromTheFuture: ({ verifiedAt, identity }, { now }) =>
    Math.max(verifiedAt, identity.startedAt) > now + skewMs ? 'from-the-future' : undefined,
  confirmedLately: ({ verifiedAt }, { now, limits }) =>
    now >= verifiedAt + limits.reducedServiceMs ? 'too-old' : undefined,
  withinAbsoluteTimeout: ({ identity }, { now, limits }) =>
    now >= identity.startedAt + limits.absoluteTimeoutMs ? 'over' : undefined,
  notRevoked: ({ sidHash, identity, verifiedAt }, { evidence, userHashOf }) => {
    const { userId, deviceId: lineage, startedAt } = identity;
    const verdict = evidence.judge({
      ...{ sidHash, userHash: userHashOf(userId), lineage, startedAt, verifiedAt },
    });
    return verdict === 'clear' ? undefined : verdict === 'revoked' ? 'revoked' : 'evidence-not-known';
  },
  userStands: async ({ identity, verifiedAt }, { standings, deadlineMs, now }) => {
    const verdict = await standings.judge(identity, deadlineMs);
    if (verdict === 'revoked') return 'user-revoked';
    return verdict === 'clear' || now - verifiedAt <= believedWithoutDatabaseMs
      ? undefined
      : 'user-not-known';
  },
} as const satisfies Record<string, Guard>;

/** The guards by name; a spec takes one away at a time to show that it is needed. */
export type AdmissionGuards = Readonly<Partial<Record<keyof typeof admissionGuards, Guard>>>;

/** @returns why a candidate is not let in; `undefined` when it is. */
export async function refusalOf(
  candidate: Candidate,
  context: AdmissionContext,
  guards: AdmissionGuards = admissionGuards,
): Promise<Refusal | undefined> {
  for (const guard of Object.values(guards)) {
    const refusal = await guard(candidate, context);
    if (refusal) return refusal;
  }
  return undefined;
}
