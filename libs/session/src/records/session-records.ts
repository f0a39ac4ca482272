import {
  RedisUnavailableError,
  type CommandKind,
  type GuardedRedis,
  type RedisOperation,
} from '@trivet/redis';
import type { Redis } from 'ioredis';
import { encode, type Testimony } from '../evidence/testimony.js';
import { readHeart } from '../recovery/heart.js';
import type { HeartWatch } from '../recovery/heart-watch.js';
import type { RedisScript } from '../redis-script.js';
import type { SessionClock } from '../session.clock.js';
import type { RecordChanges } from './record-codec.js';
import * as scripts from './record.lua.js';

/** Whose a record is, and since when; all of it says nothing to a stranger. */
export interface RecordOwner {
  readonly userHash: string;
  readonly lineage: string;
  readonly startedAt: number;
}

/** What a read came upon. `fields` are names and values in turn. */
export type ReadReply =
  | { readonly outcome: 'found' | 'revoked' | 'expired'; readonly fields: readonly string[] }
  | { readonly outcome: 'absent' };

/** What came of a write. `gone`: the session was ended meanwhile, so nothing was written. */
export interface WriteReply<Outcome = 'saved' | 'gone'> {
  readonly outcome: Outcome;
  readonly version: number;
  readonly conflicts: number;
  /** Hashes of the ids that the limit has ended. */
  readonly ended: readonly string[];
}

/** What came of a rotation. `changed`: another request has written to what it goes on from, so nothing was written. */
export type RotationReply = WriteReply<'saved' | 'gone' | 'changed'>;

/** A record on its way to Redis; `fields` are names and values in turn. */
export interface NewRecord {
  readonly sidHash: string;
  readonly owner: RecordOwner;
  readonly fields: readonly string[];
}

/** The record that a new one takes the place of. */
export interface Predecessor {
  /** The hash of its id, or empty if there is none. */
  readonly sidHash: string;
  /** As it was read, if the new one goes on from it; empty if somebody signs in anew. */
  readonly version: string;
}

export const noPredecessor: Predecessor = { sidHash: '', version: '' };

/** One of a user's records, as the index lists it. */
export type ListedRecord = readonly [sidHash: string, sealedIdentity: string, touchedAt: string];

/** What came of making a lost record anew. */
export type Rehydration = 'made' | 'present' | 'revoked' | 'expired' | 'not-lost' | 'busy';

/** The times by which records live, milliseconds. */
export interface RecordTimes {
  readonly idleTimeoutMs: number;
  readonly absoluteTimeoutMs: number;
  /** A session is touched at most this often; it lives that much longer, so that nobody's idle time is cut short. */
  readonly touchIntervalMs: number;
  readonly evidenceLifeMs: number;
}

/** A lost record, as its browser still has it. */
export interface LostRecord extends NewRecord {
  readonly verifiedAt: number;
  readonly version: number;
}

const operation = (name: string, kind: CommandKind): RedisOperation => ({
  name: `session.${name}`,
  kind,
});
const mostRehydratedPerSecond = 500;

/** The records in the session Redis: each call is one script, and one round trip. @throws {RedisUnavailableError} in all of them */
export class SessionRecords {
  constructor(
    private readonly redis: GuardedRedis,
    private readonly clock: SessionClock,
    private readonly heart: HeartWatch,
    private readonly times: RecordTimes,
  ) {}

  /** Reads a record and touches it now and then. */
  async read(sidHash: string): Promise<ReadReply> {
    return toRead(
      await this.#run(operation('read', 'read'), scripts.readRecord, this.#readArgs(sidHash, true)),
    );
  }

  /** Reads a record from a replica, which may lag behind: it is not touched, and its heart says nothing. */
  async readFrom(replica: Redis, sidHash: string): Promise<ReadReply> {
    const args = [this.clock.now(), this.times.evidenceLifeMs, ...this.#readArgs(sidHash, false)];
    return toRead((await scripts.readRecord.run(replica, args)) as unknown[]);
  }

  async save(sidHash: string, changes: RecordChanges): Promise<WriteReply> {
    return toWrite(
      await this.#run(operation('save', 'write'), scripts.saveRecord, [...this.#times(sidHash), ...changes]),
    );
  }

  async put(sidHash: string, owner: RecordOwner, fields: readonly string[]): Promise<WriteReply> {
    const args = [...this.#times(sidHash), ...ownerArgs(owner), ...fields];
    return toWrite(await this.#run(operation('save', 'write'), scripts.putRecord, args));
  }

  async rotate(
    { sidHash, owner, fields }: NewRecord,
    { sidHash: old, version }: Predecessor,
    mostSessions: number,
  ): Promise<RotationReply> {
    const args = [...this.#times(sidHash), ...ownerArgs(owner), mostSessions, old, version, ...fields];
    return toWrite(await this.#run(operation('sign-in', 'write'), scripts.rotateRecord, args));
  }

  async end(sidHash: string): Promise<void> {
    await this.#run(operation('end', 'write-when-full'), scripts.endRecord, this.#times(sidHash));
  }

  /** Ends what a testimony about a user speaks against. @returns how many records that were. */
  async endOf(item: Testimony): Promise<number> {
    const args = [...this.#times(item.user), encode(item), item.subject, item.exempt];
    const [, , ended] = await this.#run(operation('revoke', 'write-when-full'), scripts.endUser, args);
    return Number(ended);
  }

  async list(userHash: string): Promise<ListedRecord[]> {
    const [, , found] = await this.#run(
      operation('devices', 'read'),
      scripts.listUser,
      this.#times(userHash),
    );
    return found as ListedRecord[];
  }

  /** Makes a record that the data set has lost, unless there is evidence, a limit or a newer record against it. */
  async rehydrate({ sidHash, owner, verifiedAt, version, fields }: LostRecord): Promise<Rehydration> {
    const window = [verifiedAt, version, this.heart.lostBefore, mostRehydratedPerSecond];
    const args = [...this.#times(sidHash), ...ownerArgs(owner), ...window, ...fields];
    const [outcome] = await this.#run(operation('rehydrate', 'write'), scripts.rehydrateRecord, args);
    return outcome as Rehydration;
  }

  #times(id: string): (string | number)[] {
    const { idleTimeoutMs, touchIntervalMs, absoluteTimeoutMs } = this.times;
    return [id, idleTimeoutMs + touchIntervalMs, absoluteTimeoutMs];
  }

  #readArgs(sidHash: string, touches: boolean): (string | number)[] {
    return [...this.#times(sidHash), this.times.touchIntervalMs, touches ? 1 : 0];
  }

  async #run(
    call: RedisOperation,
    script: RedisScript,
    args: readonly (string | number)[],
  ): Promise<unknown[]> {
    const before = this.heart.known;
    const reply = (await this.redis.attempt(call, (client) =>
      script.run(client, [this.clock.now(), this.times.evidenceLifeMs, ...args]),
    )) as unknown[];
    this.heart.see(readHeart(reply[1]), before);
    return reply;
  }
}

function ownerArgs({ userHash, lineage, startedAt }: RecordOwner): (string | number)[] {
  return [userHash, lineage, startedAt];
}

function toRead([outcome, , fields]: unknown[]): ReadReply {
  return fields === undefined && outcome !== 'revoked'
    ? { outcome: 'absent' }
    : { outcome: outcome as 'found', fields: (fields ?? []) as string[] };
}

function toWrite<Outcome = WriteReply['outcome']>(reply: unknown[]): WriteReply<Outcome> {
  const [outcome, , version = 0, conflicts = 0, ended = []] = reply;
  return {
    outcome: outcome as Outcome,
    version: Number(version),
    conflicts: Number(conflicts),
    ended: ended as string[],
  };
}

/** Whether an error is an outage, which the guarded connection has counted and logged already. */
export function isOutage(error: unknown): error is RedisUnavailableError {
  return error instanceof RedisUnavailableError;
}
