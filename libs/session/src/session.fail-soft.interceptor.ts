import { Injectable, UnauthorizedException, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FailSoftInterceptor, GroupUnavailableException, type RedisUnavailableError } from '@trivet/redis';
import type { Request } from 'express';
import { throwError, type Observable } from 'rxjs';
import { requiresLiveSession } from './live-session.js';
import { SESSION_GROUP } from './session.tokens.js';

/** The session group's policy: what a signed-in person asked for is refused for now, a step-up too; a guest has to sign in. */
@Injectable()
export class SessionFailSoftInterceptor extends FailSoftInterceptor {
  protected override readonly group = SESSION_GROUP;

  constructor(private readonly reflector: Reflector) {
    super();
  }

  protected override answer(error: RedisUnavailableError, context: ExecutionContext): Observable<never> {
    return throwError(() =>
      isSignedIn(context) || requiresLiveSession(this.reflector, context)
        ? new GroupUnavailableException(SESSION_GROUP, error)
        : new UnauthorizedException('Your session cannot be read just now.', { cause: error }),
    );
  }
}

function isSignedIn(context: ExecutionContext): boolean {
  return context.switchToHttp().getRequest<Request>().session?.identity !== undefined;
}
