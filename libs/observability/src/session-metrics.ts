import type {
  SessionAuditEvent,
  SessionCandidateEvent,
  SessionFeedEvent,
  SessionLossEvent,
  SessionRefusalEvent,
  SessionRevocationEvent,
  SessionSaveEvent,
  SessionServedEvent,
  SessionUnreadableEvent,
} from '@trivet/session';
import type { Instruments } from './instruments.js';

/** What sessions go through, and how far this process is level with what was ended. */
export function measureSessions(on: Instruments): void {
  const life = on.counter('trivet_session_events_total', 'Events of sessions’ lives, in OWASP’s words.', [
    'event',
    'reason',
  ]);
  on.fact<SessionAuditEvent>('trivet:session:audit', ({ event, reason = '' }) => life.inc({ event, reason }));
  measureContinuity(on);
  const refusals = on.counter(
    'trivet_session_refusals_total',
    'Requests, or their sessions, that were refused for what the browser said or sent.',
    ['refusal'],
  );
  on.fact<SessionRefusalEvent>('trivet:session:refusal', ({ refusal }) => refusals.inc({ refusal }));
  measureWrites(on);
  measureEvidence(on);
}

function measureContinuity(on: Instruments): void {
  const served = on.counter(
    'trivet_session_served_total',
    'Requests with a session, by who vouched for it; guest: nobody could.',
    ['mode'],
  );
  const candidates = on.counter(
    'trivet_session_candidates_total',
    'What stood in for a session that Redis did not confirm, and what came of it.',
    ['source', 'outcome'],
  );
  on.fact<SessionServedEvent>('trivet:session:served', ({ mode }) => served.inc({ mode }));
  on.fact<SessionCandidateEvent>('trivet:session:candidate', ({ source, outcome }) =>
    candidates.inc({ source, outcome }),
  );
}

function measureWrites(on: Instruments): void {
  const saves = on.counter('trivet_session_saves_total', 'Saves of changed sessions by outcome.', [
    'outcome',
  ]);
  const conflicts = on.counter(
    'trivet_session_conflicts_total',
    'Keys of a session that two requests wrote at once; the last one’s value counts.',
    [],
  );
  const unreadable = on.counter('trivet_session_unreadable_total', 'Sealed values that did not open.', [
    'reason',
  ]);
  on.fact<SessionSaveEvent>('trivet:session:save', ({ outcome, conflicts: several }) => {
    saves.inc({ outcome });
    conflicts.inc(several);
  });
  on.fact<SessionUnreadableEvent>('trivet:session:unreadable', ({ reason }) => unreadable.inc({ reason }));
}

function measureEvidence(on: Instruments): void {
  const revocations = on.counter(
    'trivet_session_revocations_total',
    'Ended sessions by scope, and by who held the evidence when the caller was answered.',
    ['scope', 'stored'],
  );
  const losses = on.counter('trivet_session_data_losses_total', 'Times that Redis lost data, or may have.', [
    'cause',
  ]);
  const age = on.gauge(
    'trivet_session_feed_age_seconds',
    'Since this process last heard all evidence. Above 5 s it believes only sessions confirmed a minute ago.',
    [],
  );
  const items = on.gauge('trivet_session_evidence_items', 'Testimonies that this process holds.', []);
  const escalated = on.gauge(
    'trivet_session_evidence_escalated',
    'Whether there were more than it may hold.',
    [],
  );
  const owed = on.gauge('trivet_session_evidence_owed', 'Testimonies that a store has still to be told.', [
    'store',
  ]);
  const recovering = on.gauge(
    'trivet_session_recovering',
    'Whether an absent session may be one that Redis lost.',
    [],
  );
  on.fact<SessionRevocationEvent>('trivet:session:revocation', (event) => revocations.inc({ ...event }));
  on.fact<SessionLossEvent>('trivet:session:loss', ({ cause }) => losses.inc({ cause }));
  on.fact<SessionFeedEvent>('trivet:session:feed', (feed) => {
    age.set(feed.ageMs / 1000);
    items.set(feed.items);
    escalated.set(Number(feed.escalated));
    owed.set({ store: 'redis' }, feed.owed.redis);
    owed.set({ store: 'mirror' }, feed.owed.mirror);
    recovering.set(Number(feed.recovering));
  });
}
