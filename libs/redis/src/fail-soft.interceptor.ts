import {
  ServiceUnavailableException,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { catchError, defer, Observable } from 'rxjs';
import { isTracked, markDegraded, trackDegradation } from './degraded-answer.js';
import { RedisUnavailableError } from './redis.errors.js';

/** How long a client is asked to wait before it tries again, seconds: recovery takes about one. */
const retryAfterSeconds = 2;

/** A refusal that was declared: 503 with `Retry-After` and a stable code such as `SESSION_UNAVAILABLE`. */
export class GroupUnavailableException extends ServiceUnavailableException {
  readonly retryAfterSeconds = retryAfterSeconds;

  constructor(group: string, cause: unknown) {
    const code = `${group.toUpperCase()}_UNAVAILABLE`;
    const message = `This cannot be done just now. Please try again in a moment.`;
    super({ statusCode: 503, code, message, retryAfterSeconds }, { cause });
  }
}

/** Sends the `Retry-After` of a declared refusal with it. */
export function announceRetry(
  response: ServerResponse,
  { retryAfterSeconds }: GroupUnavailableException,
): void {
  response.setHeader('Retry-After', retryAfterSeconds);
}

/**
 * Turns a {@link RedisUnavailableError} of one group that escapes a handler into that group's policy, and marks the
 * answer with `X-Degraded`. Each capability has one.
 */
export abstract class FailSoftInterceptor implements NestInterceptor {
  protected abstract readonly group: string;

  /** What the group's policy makes of the request: another answer, or an error that says so. */
  protected abstract answer(
    error: RedisUnavailableError,
    context: ExecutionContext,
    next: CallHandler,
  ): Observable<unknown>;

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const response = context.switchToHttp().getResponse<ServerResponse>();
    const refuse = (error: unknown): never => {
      if (error instanceof GroupUnavailableException) announceRetry(response, error);
      throw error;
    };
    const handled = next.handle().pipe(
      catchError((error: unknown) => {
        if (!(error instanceof RedisUnavailableError) || error.group !== this.group) return refuse(error);
        markDegraded(this.group);
        return defer(() => this.answer(error, context, next)).pipe(catchError(refuse));
      }),
    );
    if (isTracked(response)) return handled;
    return new Observable((subscriber) => trackDegradation(response, () => handled.subscribe(subscriber)));
  }
}
