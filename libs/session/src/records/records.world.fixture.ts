import type { Request } from 'express';
import { Redis } from 'ioredis';
import type { SessionIdentity } from '../session-record.js';
import { arrive, join, signIn, type Member } from '../state.fixture.js';

/** What requests write to a session. */
export const recordKeys = ['lang', 'theme', 'role'] as const;

/** A session id as the world knows it: what it must be, and what it must hold. */
interface Known {
  readonly sid: string;
  readonly who: SessionIdentity;
  /** `lost`: the data set does not have it, and nobody has ended it. */
  state: 'live' | 'ended' | 'lost';
  values: Readonly<Record<string, number>>;
  /** The version that a browser's snapshot has. */
  version: number;
}

/** A request under way: what it has read, and what it has changed since. */
interface Flight {
  readonly by: Member;
  readonly of: Known;
  readonly request: Request;
  readonly changes: Record<string, number>;
}

interface Backup {
  readonly keys: readonly (readonly [key: string, dump: Buffer, ttl: number])[];
  readonly values: ReadonlyMap<Known, Readonly<Record<string, number>>>;
}

/**
 * Two processes over one real Redis, requests under way in both, and what must come of them. Each step answers with what was
 * wrong, or with nothing.
 */
export class RecordsWorld {
  readonly #known: Known[] = [];
  readonly #flights: Flight[] = [];
  #backup: Backup = { keys: [], values: new Map() };
  #count = 0;

  private constructor(
    private readonly url: string,
    private readonly redis: Redis,
    private readonly members: Member[],
  ) {}

  /** Empties the server and starts two processes over it. */
  static async open(url: string): Promise<RecordsWorld> {
    const redis = new Redis(url);
    await redis.flushall();
    return new RecordsWorld(url, redis, [await join(url), await join(url)]);
  }

  async close(): Promise<void> {
    for (const each of this.members) await each.close();
    this.redis.disconnect();
  }

  async signIn(by: number, user: string): Promise<string | undefined> {
    const { sid, who, outcome } = await signIn(this.members[by]!, user);
    this.#known.push({ sid, who, state: 'live', values: {}, version: 1 });
    return outcome === 'saved' ? undefined : `was refused: ${outcome}`;
  }

  async begin(by: number, which: number): Promise<string | undefined> {
    const of = pick(this.#known, which);
    if (of?.state !== 'live') return undefined;
    const member = this.members[by]!;
    this.#flights.push({ by: member, of, request: await arrive(member, of.sid), changes: {} });
    return undefined;
  }

  async write(which: number, key: string): Promise<string | undefined> {
    const flight = pick(this.#flights, which);
    if (!flight) return undefined;
    flight.changes[key] = this.#count += 1;
    Object.assign(flight.request.session, flight.changes);
    return undefined;
  }

  async save(which: number): Promise<string | undefined> {
    const flight = this.#land(which);
    if (!flight) return undefined;
    const { by, of, request, changes } = flight;
    const outcome = await by.store.save(of.sid, request.session);
    const isDue = Object.keys(changes).length > 0;
    const expected = !isDue ? 'unchanged' : of.state === 'live' ? 'saved' : 'gone';
    if (outcome === 'saved') of.values = { ...of.values, ...changes };
    if (outcome === 'saved') of.version = by.store.versionOf(request.session);
    return outcome === expected ? undefined : `${outcome} instead of ${expected}`;
  }

  async rotate(which: number): Promise<string | undefined> {
    const flight = this.#land(which);
    if (!flight) return undefined;
    const { by, of, request, changes } = flight;
    const { outcome } = await by.store.renew(request);
    const expected = of.state === 'live' ? 'saved' : 'gone';
    if (outcome !== expected) return `${outcome} instead of ${expected}`;
    if (outcome !== 'saved') return undefined;
    of.state = 'ended';
    const values = { ...of.values, ...changes };
    this.#known.push({ sid: request.sessionID, who: of.who, state: 'live', values, version: 1 });
    return undefined;
  }

  signOut(by: number, which: number): Promise<string | undefined> {
    const of = pick(this.#known, which);
    const { state } = this.members[by]!;
    return this.#end(
      ({ who }) => who.deviceId === of?.who.deviceId,
      () => of && state.revocations.endLineage(state.keys.user(of.who.userId), of.who.deviceId),
    );
  }

  /** As express-session's `request.session.destroy` does. */
  destroy(by: number, which: number): Promise<string | undefined> {
    const of = pick(this.#known, which);
    const { state } = this.members[by]!;
    return this.#end(
      (each) => each === of,
      () => of && state.revocations.endSession(state.keys.sid(of.sid)),
    );
  }

  endOthers(by: number, which: number): Promise<string | undefined> {
    const of = pick(this.#known, which);
    const { state } = this.members[by]!;
    return this.#end(
      ({ who }) => who.userId === of?.who.userId && who.deviceId !== of.who.deviceId,
      () => of && state.revocations.endUser(state.keys.user(of.who.userId), of.who.deviceId),
    );
  }

  endUser(by: number, user: string): Promise<string | undefined> {
    const { state } = this.members[by]!;
    return this.#end(
      ({ who }) => who.userId === user,
      () => state.revocations.endUser(state.keys.user(user)),
    );
  }

  endEverybody(by: number): Promise<string | undefined> {
    return this.#end(
      () => true,
      () => this.members[by]!.state.revocations.endEverybody(),
    );
  }

  /** A browser comes back with the snapshot of a session. */
  async restore(by: number, which: number): Promise<string | undefined> {
    const of = pick(this.#known, which);
    if (!of) return undefined;
    const { state } = this.members[by]!;
    const sidHash = state.keys.sid(of.sid);
    const owner = {
      ...{ userHash: state.keys.user(of.who.userId), lineage: of.who.deviceId },
      startedAt: of.who.startedAt,
    };
    const fields = state.codec.sealAll(sidHash, { identity: of.who });
    const lost = { sidHash, owner, fields, version: of.version, verifiedAt: of.who.startedAt };
    const outcome = await state.records.rehydrate(lost);
    if (outcome !== 'made') return undefined;
    if (of.state === 'ended') return 'an ended session was made anew';
    if (of.state === 'lost') of.values = {};
    of.state = 'live';
    return undefined;
  }

  async backUp(): Promise<string | undefined> {
    const keys = (await this.redis.keys('*')).map(async (key) => {
      const ttl = Math.max(0, await this.redis.pttl(key));
      return [key, await this.redis.dumpBuffer(key), ttl] as const;
    });
    const live = this.#known.filter(({ state }) => state === 'live');
    this.#backup = {
      keys: await Promise.all(keys),
      values: new Map(live.map((each) => [each, each.values])),
    };
    return undefined;
  }

  async rollBack(): Promise<string | undefined> {
    const { keys, values } = this.#backup;
    const change = this.redis.multi().flushall();
    for (const [key, dump, ttl] of keys) change.restore(key, ttl, dump);
    await change.exec();
    for (const each of this.#known.filter(({ state }) => state !== 'ended')) {
      const kept = values.get(each);
      each.state = kept ? 'live' : 'lost';
      each.values = kept ?? {};
    }
    return undefined;
  }

  async lose(): Promise<string | undefined> {
    await this.redis.flushall();
    for (const each of this.#known) if (each.state === 'live') each.state = 'lost';
    return undefined;
  }

  async crash(which: number): Promise<string | undefined> {
    const member = this.members[which]!;
    for (let i = this.#flights.length - 1; i >= 0; i -= 1)
      if (this.#flights[i]?.by === member) this.#flights.splice(i, 1);
    await member.close();
    this.members[which] = await join(this.url);
    return undefined;
  }

  /** Every process hears what there is to be heard, as it does each second. */
  async passASecond(): Promise<void> {
    for (const { state } of this.members) await state.pulse.beat();
  }

  /** Every process is asked for every session. */
  async look(): Promise<string | undefined> {
    for (const { store } of this.members) {
      for (const { sid, state, values } of this.#known) {
        const found = await store.lookUp(sid);
        const isThere = found.kind === 'found';
        if (isThere !== (state === 'live')) return `a session that is ${state} is ${found.kind}`;
        if (!isThere) continue;
        const stored = found.session as unknown as Record<string, unknown>;
        if (recordKeys.some((key) => stored[key] !== values[key])) return 'a write was lost';
      }
    }
    return undefined;
  }

  async #end(concerns: (each: Known) => boolean, end: () => unknown): Promise<string | undefined> {
    for (const each of this.#known.filter(concerns)) each.state = 'ended';
    await end();
    return undefined;
  }

  #land(which: number): Flight | undefined {
    return this.#flights.splice(-1 - (which % (this.#flights.length || 1)), 1)[0];
  }
}

/** Counted from the latest. */
function pick<T>(list: readonly T[], which: number): T | undefined {
  return list.at(-1 - (which % (list.length || 1)));
}
