import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { atHeaders, markDegraded, RedisUnavailableError, trackDegradation } from '@trivet/redis';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { performance } from 'node:perf_hooks';
import { Continuity } from './continuity/continuity.js';
import { SnapshotWriter } from './continuity/snapshot-writer.js';
import { becomeGuest } from './guest-session.js';
import { saveBeforeHeaders } from './save-before-headers.js';
import { SessionStore } from './session.store.js';
import { RESOLVED_SESSION_OPTIONS, SESSION_GROUP } from './session.tokens.js';
import type { ResolvedSessionOptions } from './session.options.js';

const withoutSession = new WeakMap<Request, RedisUnavailableError>();

/** Why this request is served without its session, if it is: the group did not answer. */
export function sessionOutageOf(request: Request): RedisUnavailableError | undefined {
  return withoutSession.get(request);
}

/** Serves the rest of the request as a guest's; the visitor's own cookie works again when Redis does. */
export function continueAsGuest(request: Request, outage: RedisUnavailableError): void {
  withoutSession.set(request, outage);
  becomeGuest(request);
}

/** express-session, wired once for every app; a store error is never a 500. */
@Injectable()
export class SessionMiddleware implements NestMiddleware {
  readonly #expressSession: RequestHandler;

  constructor(
    private readonly store: SessionStore,
    private readonly continuity: Continuity,
    private readonly snapshots: SnapshotWriter,
    @Inject(RESOLVED_SESSION_OPTIONS) options: ResolvedSessionOptions,
  ) {
    const { cookieName, cookieSecrets, cookieScope, cookieLifeMs: maxAge } = options;
    this.#expressSession = session({
      store,
      name: cookieName,
      secret: [...cookieSecrets],
      cookie: { ...cookieScope, maxAge },
      resave: false,
      // Cookies are set anew by the snapshot writer, once a minute.
      rolling: false,
      saveUninitialized: false,
    });
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const startedAt = performance.now();
    trackDegradation(response, () =>
      this.#expressSession(request, response, (error?: unknown) => {
        saveBeforeHeaders(request, response, next, this.store);
        atHeaders(response, () => this.snapshots.beforeHeaders(request, response));
        this.#settle(request, error, startedAt).then(() => next(), next);
      }),
    );
  }

  async #settle(request: Request, error: unknown, startedAt: number): Promise<void> {
    try {
      if (error) throw error as Error;
      await this.continuity.confirm(request);
    } catch (outage) {
      if (!(outage instanceof RedisUnavailableError)) throw outage;
      markDegraded(SESSION_GROUP);
      continueAsGuest(request, outage);
      await this.continuity.standIn(request, startedAt);
    }
  }
}
