import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { ResolvedSessionOptions } from '../session.options.js';
import { RESOLVED_SESSION_OPTIONS } from '../session.tokens.js';
import { valuesOf, withoutCookies } from './cookie-header.js';
import { publishRefusal } from './refusal.events.js';
import { clearShadows } from './shadow-cookies.js';
import { setStanding } from './standing.js';

/**
 * Refuses a session cookie that came more than once: one of them is a sibling's, and nobody can tell which. The request
 * is a guest's; the answer clears whichever this origin can clear, except the honest one, so the next request is signed in again.
 */
@Injectable()
export class DoubledCookieMiddleware implements NestMiddleware {
  readonly #host: string;

  constructor(@Inject(RESOLVED_SESSION_OPTIONS) private readonly options: ResolvedSessionOptions) {
    this.#host = new URL(options.publicUrl).hostname;
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const { app, cookieName, cookieDomain, secure } = this.options;
    const { cookie } = request.headers;
    if (valuesOf(cookie, cookieName).length > 1) {
      const path = request.originalUrl.split('?', 1)[0] ?? '/';
      const shadows = clearShadows(cookieName, { host: this.#host, path, cookieDomain, secure });
      response.append('Set-Cookie', [...shadows]);
      // Whoever reads cookies after us must not come to another conclusion.
      request.headers.cookie = withoutCookies(cookie, new Set([cookieName]));
      setStanding(request, 'doubled');
      publishRefusal(app, 'doubled-cookie');
    }
    next();
  }
}
