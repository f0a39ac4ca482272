import { Inject, Injectable } from '@nestjs/common';
import { RedisUnavailableError } from '@trivet/redis';
import type { Request, Response } from 'express';
import { randomBytes, randomUUID } from 'node:crypto';
import { deviceLabel, type Device } from './device.js';
import { DeviceList } from './device-list.js';
import type { SessionIdentity } from './session-record.js';
import { continueAsGuest, sessionOutageOf } from './session.middleware.js';
import type { ResolvedSessionOptions } from './session.options.js';
import { SessionStore } from './session.store.js';
import { RESOLVED_SESSION_OPTIONS, SESSION_GROUP } from './session.tokens.js';

/** Which of a user's sessions to end. */
export type Revocation = { readonly deviceId: string } | 'others' | 'all';

/** Where a session's times stand. */
export interface SessionInfo {
  /** How the session was verified for this request. */
  readonly mode: 'live';
  readonly idleExpiresAt: Date;
  readonly absoluteExpiresAt: Date;
}

/** Sign-in, sign-out and devices: what an app does with the shared session. */
@Injectable()
export class SessionService {
  constructor(
    private readonly store: SessionStore,
    private readonly deviceList: DeviceList,
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
    const absoluteExpiresAt = identity.startedAt + this.options.absoluteTimeoutMs;
    const idleExpiresAt = Math.min(Date.now() + this.options.idleTimeoutMs, absoluteExpiresAt);
    return {
      mode: 'live',
      idleExpiresAt: new Date(idleExpiresAt),
      absoluteExpiresAt: new Date(absoluteExpiresAt),
    };
  }

  /**
   * Starts a session under a new id, saved before any cookie leaves.
   *
   * @throws {RedisUnavailableError} when Redis did not take it; then no cookie leaves either.
   */
  async signIn(request: Request, userId: string): Promise<SessionIdentity> {
    this.#assertReachable(request);
    const identity: SessionIdentity = {
      userId,
      deviceId: randomUUID(),
      deviceLabel: deviceLabel(request.headers['user-agent']),
      app: this.options.app,
      startedAt: Date.now(),
      csrfToken: randomBytes(24).toString('base64url'),
    };
    try {
      await regenerate(request);
      request.session.identity = identity;
      await this.store.save(request.sessionID, request.session);
      await this.deviceList.add(userId, request.sessionID);
    } catch (error) {
      if (error instanceof RedisUnavailableError) continueAsGuest(request, error);
      throw error;
    }
    return identity;
  }

  /** Ends the session in every app at once and clears the cookie, the cookie also when Redis is away. */
  async signOut(request: Request, response: Response): Promise<void> {
    if (request.sessionID) await this.store.destroy(request.sessionID).catch(ignoreOutage);
    // Without a session express-session neither saves one again nor sets its cookie after ours.
    request.session = undefined as unknown as Request['session'];
    const { cookieName, cookieDomain: domain, secure } = this.options;
    response.clearCookie(cookieName, { domain, secure, path: '/', httpOnly: true, sameSite: 'lax' });
  }

  /** The user's sessions in all apps, latest first. @throws {RedisUnavailableError} */
  async devices(identity: SessionIdentity): Promise<Device[]> {
    return this.deviceList.of(identity);
  }

  /** Ends sessions of the user. @returns how many were ended. @throws {RedisUnavailableError} */
  async revoke(identity: SessionIdentity, which: Revocation): Promise<number> {
    return this.deviceList.revoke(identity.userId, (candidate) => {
      if (which === 'all') return true;
      if (which === 'others') return candidate.deviceId !== identity.deviceId;
      return candidate.deviceId === which.deviceId;
    });
  }

  #assertReachable(request: Request): void {
    const outage = sessionOutageOf(request);
    if (outage) {
      throw new RedisUnavailableError({
        group: SESSION_GROUP,
        operation: 'session.sign-in',
        reason: outage.reason,
        cause: outage,
      });
    }
  }
}

function regenerate(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.regenerate((error?: Error) => (error ? reject(error) : resolve()));
  });
}

function ignoreOutage(error: unknown): void {
  if (!(error instanceof RedisUnavailableError)) throw error;
}
