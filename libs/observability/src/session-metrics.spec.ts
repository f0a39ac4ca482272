import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { channel } from 'node:diagnostics_channel';
import { Registry } from 'prom-client';
import { Instruments } from './instruments.js';
import { measureSessions } from './session-metrics.js';

let registry: Registry;
let instruments: Instruments;

beforeEach(() => {
  registry = new Registry();
  instruments = new Instruments(registry);
  measureSessions(instruments);
});

afterEach(() => instruments.close());

const publish = (name: string, event: object) => channel(`trivet:session:${name}`).publish(event);

it('counts what sessions go through', async () => {
  publish('audit', { event: 'session_expired', reason: 'logout', app: 'learn', session: 'hashed' });
  publish('save', { outcome: 'saved', conflicts: 2 });
  publish('revocation', { scope: 'user', stored: 'mirror' });
  publish('loss', { cause: 'older-data' });
  publish('unreadable', { reason: 'unknown-key' });
  publish('refusal', { app: 'learn', refusal: 'doubled-cookie' });
  const text = await registry.metrics();
  for (const line of [
    'trivet_session_events_total{event="session_expired",reason="logout"} 1',
    'trivet_session_saves_total{outcome="saved"} 1',
    'trivet_session_conflicts_total 2',
    'trivet_session_revocations_total{scope="user",stored="mirror"} 1',
    'trivet_session_data_losses_total{cause="older-data"} 1',
    'trivet_session_unreadable_total{reason="unknown-key"} 1',
    'trivet_session_refusals_total{refusal="doubled-cookie"} 1',
  ])
    expect(text).toContain(line);
  expect(text).not.toContain('hashed');
});

it('counts who vouched for sessions, and what stood in for them', async () => {
  publish('served', { mode: 'snapshot' });
  publish('candidate', { source: 'snapshot', outcome: 'accepted' });
  publish('candidate', { source: 'replica', outcome: 'too-old' });
  const text = await registry.metrics();
  for (const line of [
    'trivet_session_served_total{mode="snapshot"} 1',
    'trivet_session_candidates_total{source="snapshot",outcome="accepted"} 1',
    'trivet_session_candidates_total{source="replica",outcome="too-old"} 1',
  ])
    expect(text).toContain(line);
});

it('shows how level this process is with the stores of evidence', async () => {
  const owed = { redis: 3, mirror: 1 };
  publish('feed', { ageMs: 1500, items: 40, escalated: true, owed, recovering: false });
  const text = await registry.metrics();
  for (const line of [
    'trivet_session_feed_age_seconds 1.5',
    'trivet_session_evidence_items 40',
    'trivet_session_evidence_escalated 1',
    'trivet_session_evidence_owed{store="redis"} 3',
    'trivet_session_recovering 0',
  ])
    expect(text).toContain(line);
});
