import type { GuardedRedis } from '@trivet/redis';
import { RedisUnavailableError } from '@trivet/redis';
import { RedisStore } from 'connect-redis';
import type { Request } from 'express';
import type { Session, SessionData } from 'express-session';
import type { SessionKeys } from './session-keys.js';
import type { ResolvedSessionOptions } from './session.options.js';
import { readRecord } from './session-record.js';

type Callback = (error?: unknown, session?: SessionData | null) => void;

/** The four commands that connect-redis sends for a request, in the shape of its own client. */
function guardedClient(redis: GuardedRedis, keys: SessionKeys) {
  const read = { name: 'session.read', kind: 'read' } as const;
  const write = { name: 'session.write', kind: 'write' } as const;
  const touch = { name: 'session.touch', kind: 'write' } as const;
  return {
    get: (sid: string) => redis.attempt(read, (client) => client.get(keys.record(sid))),
    set: (sid: string, value: string, { expiration }: { expiration: { value: number } }) =>
      redis.attempt(write, (client) => client.set(keys.record(sid), value, 'EX', expiration.value)),
    expire: (sid: string, seconds: number) =>
      redis.attempt(touch, (client) => client.expire(keys.record(sid), seconds)),
    del: (sids: string[]) =>
      redis.attempt(write, (client) => client.del(sids.map((sid) => keys.record(sid)))),
  };
}

/**
 * connect-redis's store over the guarded connection. Reads report an outage, so that the middleware can keep the
 * visitor's cookie; what express-session writes at the end of a response never fails the response.
 */
export class SessionStore extends RedisStore {
  constructor(
    redis: GuardedRedis,
    keys: SessionKeys,
    private readonly options: ResolvedSessionOptions,
  ) {
    super({
      client: guardedClient(redis, keys),
      prefix: '',
      serializer: { stringify: JSON.stringify, parse: readRecord },
    });
  }

  override async get(sid: string, callback: Callback): Promise<void> {
    // Not super.get(sid, callback): it would call back a second time if express-session threw in the first.
    let session: SessionData | null;
    try {
      session = (await super.get(sid)) as SessionData | null;
    } catch (error) {
      return callback(error);
    }
    callback(null, session && !this.#isOver(session) ? session : null);
  }

  override async set(sid: string, session: SessionData, callback?: Callback): Promise<void> {
    await this.#softly(super.set(sid, session));
    callback?.();
  }

  override async touch(sid: string, session: SessionData, callback?: Callback): Promise<void> {
    // The last byte of the answer need not wait for a new time to live.
    callback?.();
    await this.#softly(super.touch(sid, session));
  }

  /** Saves like {@link SessionStore.set}, but lets the caller know when it could not: a sign-in must not be a phantom. */
  async save(sid: string, session: SessionData): Promise<void> {
    await super.set(sid, session);
  }

  /** The cookie's settings come from the config, never from the record, which may be another app's or an old one. */
  override createSession(request: Request, session: SessionData): Session & SessionData {
    const { cookieDomain: domain, secure, idleTimeoutMs } = this.options;
    const expires = new Date(Date.now() + idleTimeoutMs);
    const cookie = { domain, secure, path: '/', httpOnly: true, sameSite: 'lax' as const };
    return super.createSession(request, {
      ...session,
      cookie: { ...cookie, expires, originalMaxAge: idleTimeoutMs },
    });
  }

  #isOver({ identity }: SessionData): boolean {
    return identity !== undefined && Date.now() >= identity.startedAt + this.options.absoluteTimeoutMs;
  }

  // The guarded connection has already counted and logged what is swallowed here.
  async #softly(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
    }
  }
}
