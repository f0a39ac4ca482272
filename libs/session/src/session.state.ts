import type { Provider } from '@nestjs/common';
import { Database } from '@trivet/database';
import { getRedisToken, type GuardedRedis } from '@trivet/redis';
import { DeviceList } from './device-list.js';
import { Evidence } from './evidence/evidence.js';
import { EvidenceFeed } from './evidence/evidence-feed.js';
import { EvidenceMirror } from './evidence/evidence-mirror.js';
import { EvidencePulse } from './evidence/evidence-pulse.js';
import { RedisEvidence } from './evidence/redis-evidence.js';
import { Revocations } from './evidence/revocations.js';
import { RecordCodec } from './records/record-codec.js';
import { SessionRecords } from './records/session-records.js';
import { HeartWatch } from './recovery/heart-watch.js';
import { SealKeyRing } from './seal/key-ring.js';
import { SessionAudit } from './session.audit.js';
import { SessionClock } from './session.clock.js';
import { SessionKeys } from './session-keys.js';
import { touchIntervalMs, type ResolvedSessionOptions } from './session.options.js';
import { SessionStore } from './session.store.js';
import { RESOLVED_SESSION_OPTIONS, SESSION_GROUP } from './session.tokens.js';

/** Evidence outlives every session that it speaks against by this, whatever their clocks say, milliseconds. */
const evidenceMarginMs = 3_600_000;

/** What the session keeps on the server stands on these. */
export interface SessionGround {
  readonly redis: GuardedRedis;
  /** Absent in an app without PostgreSQL: evidence is then kept in Redis and in memory only. */
  readonly database: Database | undefined;
  readonly ring: SealKeyRing;
  readonly keys: SessionKeys;
  readonly clock: SessionClock;
  readonly options: ResolvedSessionOptions;
}

/** Records, evidence of ends, and the watch over lost data, put together. */
export class SessionState {
  readonly clock: SessionClock;
  readonly keys: SessionKeys;
  readonly options: ResolvedSessionOptions;
  readonly heart: HeartWatch;
  readonly records: SessionRecords;
  readonly codec: RecordCodec;
  readonly feed: EvidenceFeed;
  readonly pulse: EvidencePulse;
  readonly revocations: Revocations;
  readonly audit: SessionAudit;

  constructor({ redis, database, ring, keys, clock, options }: SessionGround) {
    const {
      idleTimeoutMs,
      absoluteTimeoutMs,
      maxEvidence: mostItems,
      evidenceIntervalMs: intervalMs,
    } = options;
    const evidenceLifeMs = absoluteTimeoutMs + evidenceMarginMs;
    const times = { idleTimeoutMs, absoluteTimeoutMs, touchIntervalMs, evidenceLifeMs };
    [this.clock, this.keys, this.options] = [clock, keys, options];
    this.heart = new HeartWatch(clock);
    this.records = new SessionRecords(redis, clock, this.heart, times);
    this.codec = new RecordCodec(ring.for('record'));
    const mirror = database && new EvidenceMirror(database, clock, evidenceLifeMs);
    const inRedis = new RedisEvidence(redis, clock, this.heart, evidenceLifeMs);
    const stores = mirror ? [inRedis, mirror] : [inRedis];
    this.feed = new EvidenceFeed({ clock, stores, lifeMs: evidenceLifeMs, mostItems });
    this.pulse = new EvidencePulse({ feed: this.feed, heart: this.heart, redis, mirror, intervalMs });
    this.revocations = new Revocations(this.feed, this.records, clock);
    this.audit = new SessionAudit(options.app);
  }
}

/** Gives one part of the state to whoever asks for it by its class. */
function part(provide: abstract new (...args: never[]) => unknown, key: keyof SessionState): Provider {
  return { provide, inject: [SessionState], useFactory: (state: SessionState) => state[key] };
}

/** Providers of what the session keeps on the server. */
export const stateProviders: Provider[] = [
  SessionClock,
  {
    provide: SessionState,
    inject: [
      getRedisToken(SESSION_GROUP),
      { token: Database, optional: true },
      SealKeyRing,
      SessionKeys,
      SessionClock,
      RESOLVED_SESSION_OPTIONS,
    ],
    useFactory: (
      ...[redis, database, ring, keys, clock, options]: [
        GuardedRedis,
        Database | undefined,
        SealKeyRing,
        SessionKeys,
        SessionClock,
        ResolvedSessionOptions,
      ]
    ) => new SessionState({ redis, database, ring, keys, clock, options }),
  },
  ...[SessionStore, DeviceList].map((provide) => ({
    provide,
    inject: [SessionState],
    useFactory: (state: SessionState) => new provide(state),
  })),
  part(Evidence, 'feed'),
  part(EvidencePulse, 'pulse'),
  part(SessionRecords, 'records'),
  part(HeartWatch, 'heart'),
];
