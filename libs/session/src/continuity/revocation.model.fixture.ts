import { RedisUnavailableError } from '@trivet/redis';
import type { Evidence, SessionClaim, Verdict } from '../evidence/evidence.js';
import { EvidenceFeed } from '../evidence/evidence-feed.js';
import { testimony, type Testimony } from '../evidence/testimony.js';
import type { EvidenceStore } from '../evidence/witness.js';
import { SessionClock } from '../session.clock.js';
import type { SessionIdentity } from '../session-record.js';
import { admissionGuards, type AdmissionGuards } from './admission.js';
import { Ladder } from './ladder.js';
import { RecentSessions } from './recent-sessions.js';
import type { Snapshot } from './snapshot.js';
import { SubjectSource, type SubjectStanding } from './subject-source.js';
import { SubjectStandings } from './subject-standings.js';

const seconds = 1000;
const hours = 3600 * seconds;
const limits = { reducedServiceMs: 4 * hours, absoluteTimeoutMs: 12 * hours };

/** Time that only the model moves; every process may go wrong by its own skew. */
export class ModelClock extends SessionClock {
  constructor(
    private readonly world: { time: number },
    private readonly skewMs: number,
  ) {
    super();
  }

  override now(): number {
    return this.world.time + this.skewMs;
  }

  override monotonic(): number {
    return this.world.time;
  }
}

/** A session as its browser has it, and what the model knows of its end. */
export interface ModelSession {
  readonly identity: SessionIdentity;
  readonly sidHash: string;
  snapshot: Snapshot;
  /** When a store first held evidence against it; undefined while none does. */
  endedAt: number | undefined;
  /** When the database ended it. */
  disownedAt: number | undefined;
}

/** What a guard table of a spec may lack besides the guards of {@link admissionGuards}. */
export interface Safety {
  readonly guards: AdmissionGuards;
  /** Without a fresh feed only the freshest snapshots are believed, and none before evidence was heard. */
  readonly lease: boolean;
}

export const everySafety: Safety = { guards: admissionGuards, lease: true };

class ModelStore {
  isUp = true;
  items = new Map<string, Testimony>();
  backup = new Map<string, Testimony>();
}

class Users extends SubjectSource {
  readonly notBefore = new Map<string, number>();

  override async standingOf(userId: string): Promise<SubjectStanding> {
    return { sessionsNotBefore: this.notBefore.get(userId) ?? 0 };
  }
}

/** Several processes, two stores of evidence and the browsers, with the library's own feed, ladder and guards. */
export class ModelWorld {
  time = Date.UTC(2026, 10, 25);
  readonly redis = new ModelStore();
  readonly mirror = new ModelStore();
  readonly users = new Users();
  readonly sessions: ModelSession[] = [];
  readonly processes: ModelProcess[];

  constructor(readonly safety: Safety) {
    // The third one's clock is five minutes ahead.
    this.processes = [0, 0, 300 * seconds].map((skewMs) => new ModelProcess(this, skewMs));
  }

  /** Every process hears what it can reach, once a second. */
  async pass(forSeconds: number): Promise<void> {
    for (let i = 0; i < Math.min(forSeconds, 70); i += 1) {
      this.time += forSeconds <= 70 ? seconds : (forSeconds * seconds) / 70;
      for (const process of this.processes) await process.hear();
      this.#noteEnds();
    }
  }

  lose(): void {
    this.redis.items = new Map();
    for (const process of this.processes) process.feed.doubt('redis');
  }

  rollBack(): void {
    this.redis.items = new Map(this.redis.backup);
    for (const process of this.processes) process.feed.doubt('redis');
  }

  crash(index: number): void {
    this.processes[index] = new ModelProcess(this, index === 2 ? 300 * seconds : 0);
  }

  /** From here on the ends are promises: a store holds the evidence. */
  noteEnd(session: ModelSession): void {
    session.endedAt ??= this.time;
  }

  #noteEnds(): void {
    for (const session of this.sessions.filter(({ endedAt }) => endedAt === undefined))
      if (this.processes[0]!.isHeldAgainst(session)) this.noteEnd(session);
  }
}

/** One process of the platform. */
export class ModelProcess {
  isCutOff = false;
  readonly feed: EvidenceFeed;
  readonly clock: ModelClock;
  readonly #ladder: Ladder;
  readonly #recent: RecentSessions;

  constructor(
    private readonly world: ModelWorld,
    skewMs: number,
  ) {
    this.clock = new ModelClock(world, skewMs);
    this.feed = new EvidenceFeed({
      clock: this.clock,
      stores: [this.#view('redis'), this.#view('mirror')],
      ...{ lifeMs: 13 * hours, mostItems: 1000 },
    });
    this.#recent = new RecentSessions(this.clock);
    const standings = new SubjectStandings(world.users, this.clock);
    const evidence = world.safety.lease ? this.feed : new Credulous(this.feed);
    this.#ladder = new Ladder({
      replica: () => Promise.resolve(undefined),
      recent: this.#recent,
      context: (sidHash) => ({
        ...{ sidHash, now: this.clock.now(), evidence: evidence as Evidence, standings, limits },
        userHashOf: (userId) => userId,
      }),
      fullServiceMs: 900 * seconds,
      guards: world.safety.guards,
    });
  }

  reaches(name: EvidenceStore['name']): boolean {
    return this.world[name].isUp && !(name === 'redis' && this.isCutOff);
  }

  async hear(): Promise<void> {
    for (const witness of this.feed.witnesses) await witness.hear().catch(ignoreOutage);
  }

  /** @param hoursAgo a session that began then and was confirmed just now. */
  signIn(userId: string, hoursAgo: number): ModelSession {
    const number = this.world.sessions.length;
    const startedAt = this.feed.earliestStart(userId) - hoursAgo * hours;
    const identity: SessionIdentity = {
      ...{ userId, deviceId: `device-${number}`, deviceLabel: 'spec', app: 'spec' },
      ...{ startedAt, csrfToken: 'secret' },
    };
    const sidHash = `sid-${number}`;
    const snapshot = { sidHash, identity, version: 1, verifiedAt: this.clock.now(), provisional: false };
    const session: ModelSession = { identity, sidHash, snapshot, endedAt: undefined, disownedAt: undefined };
    this.world.sessions.push(session);
    return session;
  }

  /** Redis confirms the session, as far as it has nothing against it: the snapshot is sealed anew. */
  confirm(session: ModelSession): void {
    if (!this.reaches('redis') || this.isHeldAgainst(session) || this.feed.condemns(accused(session))) return;
    const verifiedAt = this.clock.now();
    session.snapshot = { ...session.snapshot, verifiedAt };
    this.#recent.remember(session.sidHash, { identity: session.identity, version: 1, verifiedAt });
  }

  /** Whom the ladder takes a browser for that sends this session id and that snapshot. */
  async take(sidHash: string, snapshot: Snapshot): Promise<SessionIdentity | undefined> {
    return (await this.#ladder.find(sidHash, snapshot, performance.now()))?.identity;
  }

  async end(item: Testimony): Promise<void> {
    this.feed.learn(item);
    for (const witness of this.feed.witnesses) await witness.tell([item]).catch(ignoreOutage);
  }

  endOne({ identity }: ModelSession): Promise<void> {
    return this.end(testimony.lineage(identity.deviceId, identity.userId, this.clock.now()));
  }

  /** Whether any store holds evidence against it. */
  isHeldAgainst(session: ModelSession): boolean {
    return (['redis', 'mirror'] as const).some((name) => this.storeKnows(name, session));
  }

  storeKnows(name: EvidenceStore['name'], { identity }: ModelSession): boolean {
    return [...this.world[name].items.values()].some(({ kind, subject, user, exempt, at }) =>
      kind === 'all'
        ? identity.startedAt <= at
        : user === identity.userId &&
          (kind === 'lineage'
            ? subject === identity.deviceId
            : identity.startedAt <= at && exempt !== identity.deviceId),
    );
  }

  #view(name: EvidenceStore['name']): EvidenceStore {
    const store = this.world[name];
    const check = () => {
      if (!this.reaches(name))
        throw new RedisUnavailableError({ group: name, operation: 'spec', reason: 'not-connected' });
    };
    return {
      name,
      startOver: () => undefined,
      read: async () => (check(), [...store.items.values()]),
      write: async (items) => {
        check();
        for (const item of items) store.items.set(JSON.stringify(item), item);
      },
    };
  }
}

/** What is left of the evidence without lease and gate. */
class Credulous {
  constructor(private readonly feed: EvidenceFeed) {}

  judge(claim: SessionClaim): Verdict {
    return this.feed.judge(claim) === 'revoked' ? 'revoked' : 'clear';
  }
}

export function accused({ sidHash, identity }: ModelSession) {
  const { userId: userHash, deviceId: lineage, startedAt } = identity;
  return { sidHash, userHash, lineage, startedAt };
}

function ignoreOutage(error: unknown): void {
  if (!(error instanceof RedisUnavailableError)) throw error;
}
