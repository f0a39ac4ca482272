import type { FactoryProvider, Provider } from '@nestjs/common';
import { openReplicaReads, ReplicaReads } from '@trivet/redis';
import { SealKeyRing } from '../seal/key-ring.js';
import type { ResolvedSessionOptions } from '../session.options.js';
import { SessionState } from '../session.state.js';
import { SessionStore } from '../session.store.js';
import { RESOLVED_SESSION_OPTIONS, SESSION_GROUP } from '../session.tokens.js';
import { Continuity } from './continuity.js';
import { ContinuityCookie } from './continuity-cookie.js';
import type { ContinuityParts } from './continuity-parts.js';
import { ProvisionalSignIn } from './provisional-sign-in.js';
import { RecentSessions } from './recent-sessions.js';
import { ReplicaRung } from './replica-rung.js';
import { SnapshotWriter } from './snapshot-writer.js';
import { SubjectSource } from './subject-source.js';
import { SubjectStandings } from './subject-standings.js';

const CONTINUITY_PARTS = Symbol('CONTINUITY_PARTS');

/** Each is made of the same parts. */
const made: FactoryProvider[] = [Continuity, SnapshotWriter, ProvisionalSignIn].map((type) => ({
  provide: type,
  inject: [CONTINUITY_PARTS],
  useFactory: (parts: ContinuityParts) => new type(parts),
}));

export const continuityProviders: Provider[] = [
  {
    provide: ReplicaReads,
    inject: [RESOLVED_SESSION_OPTIONS],
    useFactory: ({ redis }: ResolvedSessionOptions) => openReplicaReads({ ...redis, group: SESSION_GROUP }),
  },
  {
    provide: ContinuityCookie,
    inject: [RESOLVED_SESSION_OPTIONS, SealKeyRing],
    useFactory: (options: ResolvedSessionOptions, ring: SealKeyRing) => new ContinuityCookie(options, ring),
  },
  {
    provide: CONTINUITY_PARTS,
    inject: [
      SessionState,
      SessionStore,
      ContinuityCookie,
      ReplicaReads,
      { token: SubjectSource, optional: true },
    ],
    useFactory: (
      state: SessionState,
      store: SessionStore,
      cookie: ContinuityCookie,
      ...[replicas, subjects]: [ReplicaReads, SubjectSource | undefined]
    ): ContinuityParts => ({
      ...{ state, store, cookie },
      recent: new RecentSessions(state.clock),
      replica: new ReplicaRung(replicas, state),
      standings: new SubjectStandings(subjects, state.clock),
    }),
  },
  ...made,
];
