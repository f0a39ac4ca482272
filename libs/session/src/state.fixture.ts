import { Logger } from '@nestjs/common';
import { Database } from '@trivet/database';
import { openGuardedRedis, type GuardedRedis } from '@trivet/redis';
import type { Request } from 'express';
import session, { type SessionData } from 'express-session';
import { SealKeyRing } from './seal/key-ring.js';
import { SessionClock } from './session.clock.js';
import { resolveSessionOptions, type SessionModuleOptions } from './session.options.js';
import { SessionKeys } from './session-keys.js';
import type { SessionIdentity } from './session-record.js';
import { SessionState } from './session.state.js';
import { SessionStore } from './session.store.js';

export const secret = 'a secret of at least thirty-two characters';

/** A clock that a spec moves on. */
export class SpecClock extends SessionClock {
  aheadMs = 0;

  override now(): number {
    return Date.now() + this.aheadMs;
  }

  override monotonic(): number {
    return super.monotonic() + this.aheadMs;
  }
}

/** What one process of the platform keeps of its sessions, without Nest. */
export interface Member {
  readonly state: SessionState;
  readonly store: SessionStore;
  readonly redis: GuardedRedis;
  readonly clock: SpecClock;
  /** A request with an empty session, as express-session makes it. */
  visit(): Request;
  close(): Promise<void>;
}

/** Starts one; it hears the stores of evidence only when a spec says `state.pulse.beat()`. */
export async function join(
  url: string,
  { postgres, ...more }: Partial<SessionModuleOptions> & { readonly postgres?: string } = {},
): Promise<Member> {
  const options = resolveSessionOptions({
    redis: { url, deadlineMs: 5000, healthIntervalMs: 50, probeIntervalMs: 20, bootWaitMs: 5000 },
    ...{ app: 'learn', publicUrl: 'http://learn.trivet.localhost', cookieDomain: 'trivet.localhost' },
    ...{ cookieSecrets: [secret], keySecret: secret, sealKeys: [secret], evidenceIntervalMs: 1_000_000 },
    ...more,
  });
  Logger.overrideLogger(false);
  const redis = await openGuardedRedis({ ...options.redis, group: 'session' });
  const database = postgres ? new Database({ url: postgres }) : undefined;
  const clock = new SpecClock();
  const ground = {
    ring: new SealKeyRing(options.sealKeys),
    keys: new SessionKeys(options.keySecret),
    options,
  };
  const state = new SessionState({ redis, database, clock, ...ground });
  const store = new SessionStore(state);
  // express-session gives the store its `generate`.
  session({ store, secret, resave: false, saveUninitialized: false });
  state.pulse.onModuleInit();
  await state.pulse.beat();
  return {
    ...{ state, store, redis, clock },
    visit() {
      const request = { sessionStore: store } as unknown as Request;
      store.generate(request);
      return request;
    },
    async close() {
      state.pulse.onApplicationShutdown();
      redis.close();
      await database?.onApplicationShutdown();
    },
  };
}

let count = 0;

export function identity(userId = 'user-17', more: Partial<SessionIdentity> = {}): SessionIdentity {
  const startedAt = Date.now();
  const device = { deviceId: `device-${count++}`, deviceLabel: 'Firefox on Linux', app: 'learn' };
  return { userId, ...device, startedAt, csrfToken: 'token', ...more };
}

/** Signs a user in and returns the session id and who it is. */
export async function signIn(member: Member, userId = 'user-17', more: Partial<SessionIdentity> = {}) {
  const request = member.visit();
  const startedAt = member.state.feed.earliestStart(member.state.keys.user(userId));
  const who = identity(userId, { startedAt, ...more });
  const { outcome } = await member.store.start(request, { identity: who });
  return { sid: request.sessionID, who, outcome, request };
}

/** A request that has just read its session, as the middleware leaves it. */
export async function arrive({ store }: Member, sid: string): Promise<Request> {
  const found = await store.lookUp(sid);
  if (found.kind !== 'found') throw new Error(`The session is ${found.kind}.`);
  const request = { sessionID: sid, sessionStore: store } as unknown as Request;
  request.session = store.createSession(request, found.session);
  return request;
}

/** What such a request holds. */
export async function load(member: Member, sid: string): Promise<SessionData> {
  return (await arrive(member, sid)).session;
}
