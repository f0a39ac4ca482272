import { Injectable, UnauthorizedException, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FailSoftInterceptor, GroupUnavailableException, type RedisUnavailableError } from '@trivet/redis';
import { throwError, type Observable } from 'rxjs';
import { requiresLiveSession } from './live-session.js';
import { SESSION_GROUP } from './session.tokens.js';

/** The session group's policy: a step-up is refused for now; whatever else needed the session sees a guest. */
@Injectable()
export class SessionFailSoftInterceptor extends FailSoftInterceptor {
  protected override readonly group = SESSION_GROUP;

  constructor(private readonly reflector: Reflector) {
    super();
  }

  protected override answer(error: RedisUnavailableError, context: ExecutionContext): Observable<never> {
    return throwError(() =>
      requiresLiveSession(this.reflector, context)
        ? new GroupUnavailableException(SESSION_GROUP, error)
        : new UnauthorizedException('Your session cannot be read just now.', { cause: error }),
    );
  }
}
