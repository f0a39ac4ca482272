import { Injectable, type CallHandler, type ExecutionContext } from '@nestjs/common';
import { FailSoftInterceptor, GroupUnavailableException, type RedisUnavailableError } from '@trivet/redis';
import type { Request } from 'express';
import { Observable, throwError } from 'rxjs';
import { bypassCache } from './bypass.js';
import { CACHE_GROUP } from './cache.tokens.js';

const repeatable = new Set(['GET', 'HEAD']);

/**
 * The cache group's policy: a read whose handler was let down runs once more, straight from the origin; a change, which
 * may have begun to happen, is refused for now.
 */
@Injectable()
export class CacheFailSoftInterceptor extends FailSoftInterceptor {
  protected override readonly group = CACHE_GROUP;

  protected override answer(
    error: RedisUnavailableError,
    context: ExecutionContext,
    next: CallHandler,
  ): Observable<unknown> {
    if (!repeatable.has(context.switchToHttp().getRequest<Request>().method)) {
      return throwError(() => new GroupUnavailableException(CACHE_GROUP, error));
    }
    return new Observable((subscriber) => bypassCache(() => next.handle().subscribe(subscriber)));
  }
}
