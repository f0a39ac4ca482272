import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { DoubledCookieMiddleware } from './browser/doubled-cookie.middleware.js';
import { VisitorSessionMiddleware } from './browser/visitor-session.middleware.js';
import { SessionMiddleware } from './session.middleware.js';

/** The session's steps in their order, as one: Express matches a route for each that it is given. */
@Injectable()
export class SessionChain implements NestMiddleware {
  constructor(
    private readonly doubled: DoubledCookieMiddleware,
    private readonly session: SessionMiddleware,
    private readonly visitor: VisitorSessionMiddleware,
  ) {}

  use(request: Request, response: Response, next: NextFunction): void {
    const ofVisitor = (error?: unknown): void =>
      error === undefined ? this.visitor.use(request, response, next) : next(error);
    this.doubled.use(request, response, () => this.session.use(request, response, ofVisitor));
  }
}
