import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '@trivet/academy';
import { degradedGroups } from '@trivet/redis';
import { SessionService } from '@trivet/session';
import { renderPage, type PageContext, type SignedInContext } from '@trivet/ui';
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { noticeOf } from './notices.js';
import { Visitors, type Visitor } from './visitor.js';
import { WEB_OPTIONS, type WebOptions } from './web.options.js';

/** Renders pages, with what every page must know about its request. */
@Injectable()
export class Pages {
  constructor(
    private readonly visitors: Visitors,
    private readonly sessions: SessionService,
    private readonly clock: Clock,
    @Inject(WEB_OPTIONS) private readonly options: WebOptions,
  ) {}

  /** Sends a page. */
  send(response: Response, page: VNode, status = 200): void {
    response.status(status).type('html').send(renderPage(page));
  }

  /** The context of a page that anybody may see. */
  async context(request: Request): Promise<PageContext> {
    return this.#context(request, await this.visitors.of(request));
  }

  /** The context of a page behind `@SignedIn()`. */
  signedInContext(request: Request, visitor: Visitor): SignedInContext {
    return { ...this.#context(request, visitor), user: visitor.account };
  }

  /** The context of a page that must not ask anybody anything: something has just failed. */
  guestContext(request: Request): PageContext {
    return this.#context(request, undefined);
  }

  #context(request: Request, visitor: Visitor | undefined): PageContext {
    const info = visitor && this.sessions.infoOf(request);
    const notice = noticeOf(request.query.notice);
    const { app, links } = this.options;
    return {
      app,
      links,
      path: request.originalUrl,
      user: visitor?.account,
      csrfToken: visitor?.session.csrfToken,
      degraded: degradedGroups(),
      session: info && {
        mode: info.mode,
        idleExpiresAt: info.idleExpiresAt.toISOString(),
        absoluteExpiresAt: info.absoluteExpiresAt.toISOString(),
      },
      ...(notice ? { flash: [notice] } : {}),
      now: this.clock.now(),
    };
  }
}
