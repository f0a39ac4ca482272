import { Controller, Get, Inject, NotFoundException, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ResolvedSessionOptions } from '../session.options.js';
import { RESOLVED_SESSION_OPTIONS } from '../session.tokens.js';
import { Handoff, handoffPath } from './handoff.js';

/** Where browsers pass from app to app; see {@link Handoff}. */
@Controller(handoffPath)
export class HandoffController {
  constructor(
    private readonly handoff: Handoff,
    @Inject(RESOLVED_SESSION_OPTIONS) private readonly options: ResolvedSessionOptions,
  ) {}

  @Get()
  pass(
    @Req() request: Request,
    @Res() response: Response,
    @Query('ask') ask?: unknown,
    @Query('ticket') ticket?: unknown,
  ): void {
    if (!this.options.handoff) throw new NotFoundException();
    if (this.handoff.isSignInApp) this.handoff.vouch(request, response, ask);
    else this.handoff.accept(request, response, ticket);
  }
}
