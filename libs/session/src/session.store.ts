import { RedisStore } from 'connect-redis';
import type { Request } from 'express';
import type { Session, SessionData } from 'express-session';
import type { OpenedRecord, RecordBase, RecordChanges } from './records/record-codec.js';
import {
  isOutage,
  type Predecessor,
  type ReadReply,
  type RecordOwner,
  type RotationReply,
} from './records/session-records.js';
import { StoreOperationRefusedError } from './session.errors.js';
import { sessionSaveChannel } from './session.events.js';
import type { SessionState } from './session.state.js';

type Callback = (error?: unknown, session?: SessionData | null) => void;

/** What a look for a session came upon. */
export type LookUp =
  | { readonly kind: 'found'; readonly session: SessionData; readonly record: FoundRecord }
  /** There is evidence that it was ended. */
  | { readonly kind: 'revoked' }
  /** Its idle or absolute timeout is over. */
  | { readonly kind: 'expired' }
  /** Ended, timed out long ago, never there, or lost: a session last confirmed at or before `lostBefore` may have been lost. */
  | { readonly kind: 'absent'; readonly lostBefore: number };

/** What a found session's record says about it. */
export interface FoundRecord {
  readonly sidHash: string;
  readonly owner: RecordOwner;
  readonly version: number;
  /** When Redis confirmed it: now, by this process's clock. */
  readonly verifiedAt: number;
}

/** What came of a save. `gone`: the session was ended meanwhile; nothing was written and no cookie may name it any more. */
export type SaveOutcome = 'saved' | 'unchanged' | 'gone';

/**
 * connect-redis's store with records of its own: sealed, merged key by key, and never brought back once they were ended. Reads
 * report an outage, so that the middleware can keep the visitor's cookie; what express-session writes at the end of a response never fails it.
 */
export class SessionStore extends RedisStore {
  /** Gives a request an empty session under a new id; set by express-session. */
  declare readonly generate: (request: Request) => void;
  readonly #parts: SessionState;
  /** What each session was when it was read or last saved. */
  readonly #bases = new WeakMap<object, RecordBase>();
  readonly #versions = new WeakMap<object, number>();

  constructor(parts: SessionState) {
    super({
      client: { del: ([sid]: [string]) => parts.revocations.endSession(parts.keys.sid(sid)) },
      prefix: '',
    });
    this.#parts = parts;
  }

  /** Looks for a session in one round trip, which touches it now and then. @throws {RedisUnavailableError} */
  async lookUp(sid: string): Promise<LookUp> {
    const { keys, records, pulse, heart, audit } = this.#parts;
    await pulse.settled();
    const sidHash = keys.sid(sid);
    const reply = await records.read(sidHash);
    const found = this.judge(sidHash, reply);
    if (found.kind === 'revoked') audit.publish('session_use_after_expire', { sidHash });
    if (found.kind === 'expired') audit.publish('session_expired', { sidHash, reason: 'timeout' });
    return found.kind === 'absent' ? { kind: 'absent', lostBefore: heart.lostBefore } : found;
  }

  /** Judges what a read came upon, also one from a replica, by the evidence that this process has. */
  judge(sidHash: string, reply: ReadReply): LookUp {
    if (reply.outcome === 'absent') return { kind: 'absent', lostBefore: 0 };
    if (reply.outcome !== 'found') return { kind: reply.outcome };
    const owner = ownerOf(reply.fields);
    if (this.#parts.feed.condemns({ sidHash, ...owner })) return { kind: 'revoked' };
    const opened = this.#parts.codec.open(sidHash, reply.fields);
    // Whose identity cannot be read is nobody, and not lost.
    if (owner.userHash !== '' && !opened.data.identity) return { kind: 'absent', lostBefore: 0 };
    const record = { sidHash, owner, version: opened.version, verifiedAt: this.#parts.clock.now() };
    return { kind: 'found', session: this.#withCookie(opened), record };
  }

  override async get(sid: string, callback?: Callback): Promise<SessionData | null> {
    let session: SessionData | null;
    try {
      const found = await this.lookUp(sid);
      session = found.kind === 'found' ? found.session : null;
    } catch (error) {
      if (!callback) throw error;
      callback(error);
      return null;
    }
    callback?.(null, session);
    return session;
  }

  override async set(sid: string, session: SessionData, callback?: Callback): Promise<void> {
    if (isOver(session)) return this.destroy(sid, callback) as Promise<void>;
    try {
      await this.save(sid, session);
    } catch (error) {
      if (!isOutage(error)) throw error;
    }
    callback?.();
  }

  /** Every read has touched the session already. */
  override async touch(_sid: string, _session: SessionData, callback?: Callback): Promise<void> {
    callback?.();
  }

  /** Saves like {@link SessionStore.set}, but says what came of it. @throws {RedisUnavailableError} */
  async save(sid: string, session: SessionData): Promise<SaveOutcome> {
    const { keys, codec } = this.#parts;
    const sidHash = keys.sid(sid);
    const base = this.#bases.get(session);
    const changes = base && codec.changes(sidHash, session, base);
    if (base && !changes) return 'unchanged';
    try {
      const reply = await this.#write(sidHash, session, changes);
      sessionSaveChannel.publish({ outcome: reply.outcome, conflicts: reply.conflicts });
      if (reply.outcome === 'saved') this.#remember(session, reply.version);
      return reply.outcome;
    } catch (error) {
      if (isOutage(error)) sessionSaveChannel.publish({ outcome: 'failed', conflicts: 0 });
      throw error;
    }
  }

  /** Gives up what has not been saved: the end of the response does not try again. */
  giveUp(session: SessionData): void {
    this.#remember(session, 0);
  }

  /** The version of a session's record, as it was read or last saved. */
  versionOf(session: SessionData): number {
    return this.#versions.get(session) ?? 0;
  }

  /** Whether the store holds, or held, this session; a visitor's first one it does not. */
  holds(session: SessionData): boolean {
    return this.#bases.has(session);
  }

  /** Whether the end of the response has something to save; a visitor's empty session is not kept. */
  isChanged(session: SessionData): boolean {
    return this.#parts.codec.isChanged(session, this.#bases.get(session) ?? new Map());
  }

  /**
   * Starts a session with `data` under a new id, in one round trip that also ends the one that the request had and keeps to the
   * limit of sessions.
   *
   * @throws {RedisUnavailableError} when Redis did not take it; then nothing has changed there.
   */
  async start(request: Request, data: Partial<SessionData>): Promise<RotationReply> {
    return this.#replace(request, data, { sidHash: this.#heldBy(request), version: '' });
  }

  /**
   * Puts the request's session under a new id, together with what other requests have written to it meanwhile. An ended session
   * gets none. Otherwise as {@link SessionStore.start}, in one round trip unless another request comes in between.
   */
  async renew(request: Request): Promise<RotationReply> {
    const { sessionID: sid, session } = request;
    const sidHash = this.#heldBy(request);
    let version = this.versionOf(session);
    let base = this.#bases.get(session) ?? new Map();
    let data: object = session;
    for (;;) {
      const reply = await this.#replace(request, data, { sidHash, version: String(version) });
      if (reply.outcome !== 'changed') return reply;
      const found = await this.lookUp(sid);
      if (found.kind !== 'found') return { ...reply, outcome: 'gone' };
      data = this.#parts.codec.merge(data, base, found.session);
      version = found.record.version;
      base = this.#bases.get(found.session) ?? base;
    }
  }

  async #replace(request: Request, data: object, previous: Predecessor): Promise<RotationReply> {
    const { keys, codec, records, revocations, audit, options } = this.#parts;
    this.generate(request);
    // The new id has a cookie of its own.
    Object.assign(request.session, data, { cookie: request.session.cookie });
    const sidHash = keys.sid(request.sessionID);
    const owner = this.#ownerOf(request.session);
    const record = { sidHash, owner, fields: codec.sealAll(sidHash, request.session) };
    const reply = await records.rotate(record, previous, options.maxSessionsPerUser);
    if (reply.outcome !== 'saved') return reply;
    this.#remember(request.session, reply.version);
    for (const ended of reply.ended) audit.publish('session_expired', { sidHash: ended, reason: 'limit' });
    const gone = previous.sidHash ? [previous.sidHash, ...reply.ended] : reply.ended;
    revocations.note(gone, owner.userHash);
    return reply;
  }

  /** The hash of the id of the session that a request came with, if the store knows it. */
  #heldBy({ session, sessionID }: Request): string {
    return this.holds(session) ? this.#parts.keys.sid(sessionID) : '';
  }

  /** The cookie's settings come from the config, never from the record, which may be another app's or an old one. */
  override createSession(request: Request, session: SessionData): Session & SessionData {
    const { cookieScope, cookieLifeMs } = this.#parts.options;
    const expires = new Date(Date.now() + cookieLifeMs);
    const made = super.createSession(request, {
      ...session,
      cookie: { ...cookieScope, expires, originalMaxAge: cookieLifeMs },
    });
    const base = this.#bases.get(session);
    if (base) this.#bases.set(made, base);
    this.#versions.set(made, this.versionOf(session));
    return made;
  }

  override all(callback?: (error: unknown) => void): Promise<never> {
    return refuse('all', callback);
  }

  override ids(callback?: (error: unknown) => void): Promise<never> {
    return refuse('ids', callback);
  }

  override length(callback?: (error: unknown) => void): Promise<never> {
    return refuse('length', callback);
  }

  override clear(callback?: (error: unknown) => void): Promise<never> {
    return refuse('clear', callback);
  }

  #write(sidHash: string, session: SessionData, changes: RecordChanges | undefined) {
    const { records, codec } = this.#parts;
    if (changes) return records.save(sidHash, changes);
    return records.put(sidHash, this.#ownerOf(session), codec.sealAll(sidHash, session));
  }

  #remember(session: SessionData, version: number): void {
    this.#bases.set(session, this.#parts.codec.baseAfter(session, this.#bases.get(session), version));
    this.#versions.set(session, version);
  }

  #ownerOf({ identity }: SessionData): RecordOwner {
    if (!identity) return { userHash: '', lineage: '', startedAt: this.#parts.clock.now() };
    const { userId, deviceId, startedAt } = identity;
    return { userHash: this.#parts.keys.user(userId), lineage: deviceId, startedAt };
  }

  #withCookie({ data, base, version }: OpenedRecord): SessionData {
    const session: SessionData = { ...data, cookie: { originalMaxAge: this.#parts.options.cookieLifeMs } };
    this.#bases.set(session, base);
    this.#versions.set(session, version);
    return session;
  }
}

/** connect-redis's contract: to set a session whose cookie has expired is to destroy it. */
function isOver({ cookie }: SessionData): boolean {
  return cookie?.expires != null && Number(new Date(cookie.expires)) <= Date.now();
}

function ownerOf(fields: readonly string[]): RecordOwner {
  const of = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
  return { userHash: of('u'), lineage: of('l'), startedAt: Number(of('s')) };
}

/** To list or clear every session means to walk through every key. @see SessionService.devices, SessionService.revokeAll */
async function refuse(operation: string, callback?: (error: unknown) => void): Promise<never> {
  const error = new StoreOperationRefusedError(operation);
  callback?.(error);
  throw error;
}
