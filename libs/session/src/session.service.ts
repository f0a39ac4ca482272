import { Inject, Injectable } from '@nestjs/common';
import { markDegraded, RedisUnavailableError } from '@trivet/redis';
import type { Request, Response } from 'express';
import { randomBytes, randomUUID } from 'node:crypto';
import { Continuity } from './continuity/continuity.js';
import { ContinuityCookie } from './continuity/continuity-cookie.js';
import { presentedSession } from './continuity/session-cookie.js';
import { ProvisionalSignIn } from './continuity/provisional-sign-in.js';
import type { SessionMode } from './continuity/session-mode.js';
import { verificationOf } from './continuity/verification.js';
import { deviceLabel, type Device } from './device.js';
import { DeviceList } from './device-list.js';
import type { RotationReply } from './records/session-records.js';
import type { SessionIdentity } from './session-record.js';
import { continueAsGuest, sessionOutageOf } from './session.middleware.js';
import type { ResolvedSessionOptions } from './session.options.js';
import { SessionState } from './session.state.js';
import { SessionStore } from './session.store.js';
import { RESOLVED_SESSION_OPTIONS, SESSION_GROUP } from './session.tokens.js';

/** Which of a user's sessions to end. */
export type Revocation = { readonly deviceId: string } | 'others' | 'all';

/** Where a session's times stand. */
export interface SessionInfo {
  /** How the session was verified for this request. */
  readonly mode: SessionMode;
  readonly idleExpiresAt: Date;
  readonly absoluteExpiresAt: Date;
}

/** Sign-in, sign-out and devices: what an app does with the shared session. */
@Injectable()
export class SessionService {
  constructor(
    private readonly store: SessionStore,
    private readonly deviceList: DeviceList,
    private readonly state: SessionState,
    private readonly continuity: Continuity,
    private readonly provisional: ProvisionalSignIn,
    private readonly continuityCookie: ContinuityCookie,
    @Inject(RESOLVED_SESSION_OPTIONS) private readonly options: ResolvedSessionOptions,
  ) {}

  /** Who is signed in, if anybody. */
  identityOf(request: Request): SessionIdentity | undefined {
    return request.session?.identity;
  }

  /** The session's times, for a signed-in request. */
  infoOf(request: Request): SessionInfo | undefined {
    const identity = this.identityOf(request);
    if (!identity) return undefined;
    const { absoluteTimeoutMs, idleTimeoutMs, reducedServiceMs } = this.options;
    const { mode, verifiedAt } = verificationOf(request) ?? {
      mode: 'live',
      verifiedAt: this.state.clock.now(),
    };
    const absoluteExpiresAt = identity.startedAt + absoluteTimeoutMs;
    // An outage renews nothing.
    const servedForMs = mode === 'live' ? idleTimeoutMs : reducedServiceMs;
    const idleExpiresAt = Math.min(verifiedAt + servedForMs, absoluteExpiresAt);
    return {
      mode,
      idleExpiresAt: new Date(idleExpiresAt),
      absoluteExpiresAt: new Date(absoluteExpiresAt),
    };
  }

  /**
   * Starts a session under a new id, saved before any cookie leaves; the one that the request had ends. While Redis is away the
   * session is sealed into its cookie alone, and saved when Redis is back.
   *
   * @throws {RedisUnavailableError} when neither could be done; then no cookie leaves either.
   */
  async signIn(request: Request, userId: string): Promise<SessionIdentity> {
    const { feed, keys } = this.state;
    const identity: SessionIdentity = {
      userId,
      deviceId: randomUUID(),
      deviceLabel: deviceLabel(request.headers['user-agent']),
      app: this.options.app,
      startedAt: feed.earliestStart(keys.user(userId)),
      csrfToken: randomBytes(24).toString('base64url'),
    };
    const before = this.identityOf(request);
    try {
      await this.#rotate(request, () => this.store.start(request, { identity }));
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      if (before) await this.#endIdentity(before).catch(ignoreOutage);
      if (!(await this.provisional.start(request, identity))) {
        continueAsGuest(request, error);
        throw error;
      }
    }
    this.#audit('session_created', request, identity);
    return identity;
  }

  /**
   * Puts a signed-in session under a new id, as every change of what it may do should; what it holds, also by other requests that
   * have written to it meanwhile, and its times stay.
   *
   * @throws {RedisUnavailableError} as {@link SessionService.signIn}
   */
  async renew(request: Request): Promise<void> {
    await this.#rotate(request, () => this.store.renew(request));
    this.#audit('session_renewed', request, this.identityOf(request));
  }

  /** Ends the session in every app at once and clears the cookie, the cookie also when Redis is away. */
  async signOut(request: Request, response: Response): Promise<void> {
    await this.#end(request).catch(ignoreOutage);
    // Without a session express-session neither saves one again nor sets its cookie after ours.
    request.session = undefined as unknown as Request['session'];
    const { cookieName, cookieScope } = this.options;
    response.clearCookie(cookieName, cookieScope);
    this.continuityCookie.clear(response);
  }

  /** The user's sessions in all apps, latest first; while Redis is away only the one that asks. */
  async devices(identity: SessionIdentity): Promise<Device[]> {
    try {
      return await this.deviceList.of(identity.userId, identity.deviceId);
    } catch (error) {
      ignoreOutage(error);
      markDegraded(SESSION_GROUP);
      return [this.deviceList.current(identity)];
    }
  }

  /** Anybody's sessions in all apps, latest first, for an operator. @throws {RedisUnavailableError} */
  async devicesOf(userId: string): Promise<Device[]> {
    return this.deviceList.of(userId);
  }

  /**
   * Ends sessions of the user, in this process at once and in all others within a second.
   *
   * @returns how many were ended; `undefined` when Redis could not say, and the mirror in PostgreSQL holds the evidence.
   * @throws {RedisUnavailableError} when neither has taken it yet. This process ends them all the same, and goes on telling both.
   */
  async revoke({ userId, deviceId }: SessionIdentity, which: Revocation): Promise<number | undefined> {
    const userHash = this.state.keys.user(userId);
    const ended =
      typeof which === 'object'
        ? await this.deviceList.revoke(userId, which.deviceId)
        : await this.state.revocations.endUser(userHash, which === 'others' ? deviceId : '');
    if (ended !== 0) this.#auditEnd('revoked', { userHash });
    return ended;
  }

  /** Ends every session of a user, on the word of the operator `by`. Otherwise as {@link SessionService.revoke}. */
  async revokeUser(userId: string, by?: string): Promise<number | undefined> {
    const userHash = this.state.keys.user(userId);
    const ended = await this.state.revocations.endUser(userHash);
    this.#auditEnd('revoked', { userHash, by });
    return ended;
  }

  /**
   * Ends everybody's session: the emergency logout. Only sign-ins after it count, also for sessions that Redis has lost and that
   * come back from their browsers.
   *
   * @param by the operator's user id, for the audit
   * @throws {RedisUnavailableError} as {@link SessionService.revoke}
   */
  async revokeAll(by?: string): Promise<void> {
    await this.state.revocations.endEverybody();
    this.#auditEnd('revoked', { by });
  }

  async #rotate(request: Request, rotate: () => Promise<RotationReply>): Promise<void> {
    this.#assertReachable(request);
    try {
      const { outcome } = await rotate();
      // Evidence that this process has not heard of yet; the next try will have.
      if (outcome !== 'saved') throw unavailable('rejected');
      this.continuity.confirmed(request);
    } catch (error) {
      if (error instanceof RedisUnavailableError) continueAsGuest(request, error);
      throw error;
    }
  }

  async #end(request: Request): Promise<void> {
    const { keys, revocations } = this.state;
    const identity = this.identityOf(request);
    const sid =
      request.sessionID || (sessionOutageOf(request) && presentedSession(request, this.options)?.sid);
    const userHash = identity && keys.user(identity.userId);
    this.#auditEnd('logout', { userHash, sid });
    if (identity) await this.#endIdentity(identity);
    else if (sid) await revocations.endSession(keys.sid(sid));
  }

  async #endIdentity({ userId, deviceId }: SessionIdentity): Promise<void> {
    const { keys, revocations } = this.state;
    await revocations.endLineage(keys.user(userId), deviceId);
  }

  #audit(
    event: 'session_created' | 'session_renewed',
    { sessionID }: Request,
    identity?: SessionIdentity,
  ): void {
    const { audit, keys } = this.state;
    audit.publish(event, { sidHash: keys.sid(sessionID), userHash: identity && keys.user(identity.userId) });
  }

  #auditEnd(
    reason: string,
    { userHash, sid, by }: Partial<Record<'userHash' | 'sid' | 'by', string | undefined>>,
  ): void {
    const { audit, keys } = this.state;
    audit.publish('session_expired', {
      ...{ reason, userHash },
      sidHash: sid ? keys.sid(sid) : undefined,
      byHash: by ? keys.user(by) : undefined,
    });
  }

  #assertReachable(request: Request): void {
    const outage = sessionOutageOf(request);
    if (outage) throw unavailable(outage.reason, outage);
  }
}

function unavailable(reason: RedisUnavailableError['reason'], cause?: unknown): RedisUnavailableError {
  return new RedisUnavailableError({ group: SESSION_GROUP, operation: 'session.sign-in', reason, cause });
}

function ignoreOutage(error: unknown): void {
  if (!(error instanceof RedisUnavailableError)) throw error;
}
