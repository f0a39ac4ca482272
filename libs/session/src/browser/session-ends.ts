import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ResolvedSessionOptions } from '../session.options.js';
import { SessionService } from '../session.service.js';
import { sessionOutageOf } from '../session.middleware.js';
import { RESOLVED_SESSION_OPTIONS } from '../session.tokens.js';
import { valuesOf } from './cookie-header.js';
import { standingOf } from './standing.js';

/**
 * Why a visitor who was signed in is a guest. `idle` and `absolute`: a timeout struck; `ended`: signed out from elsewhere;
 * `unconfirmed`: nothing ties the session to this browser; `doubled`: the session cookie came more than once.
 */
export type SessionEnd = 'idle' | 'absolute' | 'ended' | 'unconfirmed' | 'doubled';

/** Times that differ by less are not worth a cookie. */
const worthMs = 60_000;
/** So long the reason can be told after the last possible end. */
const rememberedMs = 24 * 3_600_000;

/**
 * When a session ends, for the pages' script and for the sign-in page after it: a cookie of two times, `idle.absolute`, for all
 * apps, so that activity in one is seen in the others. Scripts may read it, anybody may make one up: it decides nothing.
 */
@Injectable()
export class SessionEnds {
  readonly #name: string;

  constructor(
    @Inject(RESOLVED_SESSION_OPTIONS) private readonly options: ResolvedSessionOptions,
    private readonly sessions: SessionService,
  ) {
    this.#name = `${options.secure ? '__Secure-' : ''}_shared_org_until`;
  }

  /** Tells a signed-in visitor's browser when its session ends; called as the headers leave. */
  tell(request: Request, response: Response): void {
    const info = this.sessions.infoOf(request);
    if (!info) return;
    const [idle, absolute] = [info.idleExpiresAt.getTime(), info.absoluteExpiresAt.getTime()];
    const told = this.#told(request);
    if (told?.absolute === absolute && Math.abs(told.idle - idle) < worthMs) return;
    const maxAge = this.options.absoluteTimeoutMs + rememberedMs;
    response.cookie(this.#name, `${idle}.${absolute}`, { ...this.#scope, maxAge });
  }

  /** The visitor signed out; there is nothing to explain. */
  forget(response: Response): void {
    response.clearCookie(this.#name, this.#scope);
  }

  /** Why this visitor is a guest, if it can be told; undefined for who never was signed in, and in an outage. */
  of(request: Request): SessionEnd | undefined {
    const standing = standingOf(request);
    if (standing === 'doubled' || standing === 'unconfirmed') return standing;
    const told = this.#told(request);
    if (!told || this.sessions.identityOf(request) || sessionOutageOf(request)) return undefined;
    const now = Date.now();
    if (now >= told.absolute) return 'absolute';
    return now >= told.idle ? 'idle' : 'ended';
  }

  #told(request: Request): { readonly idle: number; readonly absolute: number } | undefined {
    const [value = ''] = valuesOf(request.headers.cookie, this.#name);
    const [, idle, absolute] = /^(\d{13})\.(\d{13})$/.exec(value) ?? [];
    return idle && absolute ? { idle: Number(idle), absolute: Number(absolute) } : undefined;
  }

  get #scope() {
    const { cookieDomain: domain, secure } = this.options;
    return { domain, secure, path: '/', sameSite: 'lax' } as const;
  }
}
