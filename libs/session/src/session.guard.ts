import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { announceRetry, GroupUnavailableException } from '@trivet/redis';
import type { Request, Response } from 'express';
import { verificationOf } from './continuity/verification.js';
import { requiresLiveSession } from './live-session.js';
import { sessionOutageOf } from './session.middleware.js';
import { SESSION_GROUP } from './session.tokens.js';

/** Refuses step-ups, before anything of them runs, while the session Redis cannot vouch for the session. */
@Injectable()
export class LiveSessionGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const outage = sessionOutageOf(request);
    const isLive = !outage && (verificationOf(request)?.mode ?? 'live') === 'live';
    if (isLive || !requiresLiveSession(this.reflector, context)) return true;
    const refusal = new GroupUnavailableException(SESSION_GROUP, outage);
    announceRetry(http.getResponse<Response>(), refusal);
    throw refusal;
  }
}
