import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { becomeGuest } from '../guest-session.js';
import { standingOf } from './standing.js';

/** Serves as a guest's what has a session that cannot be taken for the visitor's own. */
@Injectable()
export class VisitorSessionMiddleware implements NestMiddleware {
  use(request: Request, _response: Response, next: NextFunction): void {
    if (standingOf(request) === 'doubled') becomeGuest(request);
    next();
  }
}
