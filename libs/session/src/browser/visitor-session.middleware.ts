import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { becomeGuest } from '../guest-session.js';
import type { ResolvedSessionOptions } from '../session.options.js';
import { RESOLVED_SESSION_OPTIONS } from '../session.tokens.js';
import { atHeaders } from '@trivet/redis';
import { Binder } from './binder.js';
import { Handoff, handoffPath } from './handoff.js';
import { publishRefusal } from './refusal.events.js';
import { SessionEnds } from './session-ends.js';
import { doubtSession, setStanding, standingOf } from './standing.js';

/** Takes a session for its visitor's own only when the app's binder says so; see {@link Binder} and {@link Handoff}. */
@Injectable()
export class VisitorSessionMiddleware implements NestMiddleware {
  constructor(
    @Inject(RESOLVED_SESSION_OPTIONS) private readonly options: ResolvedSessionOptions,
    private readonly binder: Binder,
    private readonly handoff: Handoff,
    private readonly ends: SessionEnds,
  ) {}

  use(request: Request, response: Response, next: NextFunction): void {
    if (standingOf(request) === 'doubled') becomeGuest(request);
    this.#followSession(request, response);
    if (!this.options.handoff) return next();
    const identity = request.session?.identity;
    if (!identity || this.binder.ties(request, response, identity)) return next();
    if (!isPage(request)) {
      setStanding(request, 'unbound');
    } else if (this.handoff.isSignInApp) {
      doubtSession(request);
      publishRefusal(this.options.app, 'unconfirmed');
    } else {
      return this.handoff.ask(request, response);
    }
    next();
  }

  /** Lets the app's cookies follow what becomes of the session in the request. */
  #followSession(request: Request, response: Response): void {
    const before = request.session?.identity?.deviceId;
    atHeaders(response, () => {
      const now = request.session?.identity;
      if (now) {
        if (now.deviceId !== before && this.options.handoff) this.binder.issue(response, now);
        this.ends.tell(request, response);
      } else if (request.session === undefined) {
        // Signed out: that alone leaves a request without a session.
        this.binder.clear(response);
        this.ends.forget(response);
      }
    });
  }
}

/** Whether a person is to look at the answer: only they can be led through the hand-off. */
function isPage(request: Request): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  // Not `path`, which is relative to where Nest has mounted the middleware.
  const [path] = request.originalUrl.split('?', 1);
  return isRead && path !== handoffPath && request.accepts(['json', 'html']) === 'html';
}
