import { Injectable, type CallHandler, type ExecutionContext } from '@nestjs/common';
import {
  FailSoftInterceptor,
  GroupUnavailableException,
  markDegraded,
  type RedisUnavailableError,
} from '@trivet/redis';
import { catchError, throwError, type Observable } from 'rxjs';
import { OutboxUnavailableError } from './queue.errors.js';
import { QUEUE_GROUP } from './queue.tokens.js';

/** The queue group's policy for a job that nobody took: refused for now, and told so. */
@Injectable()
export class QueueFailSoftInterceptor extends FailSoftInterceptor {
  protected override readonly group = QUEUE_GROUP;

  override intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const handle = () => next.handle().pipe(catchError(withoutOutbox));
    return super.intercept(context, { handle });
  }

  protected override answer(error: RedisUnavailableError): Observable<never> {
    return throwError(() => new GroupUnavailableException(QUEUE_GROUP, error));
  }
}

function withoutOutbox(error: unknown): never {
  if (!(error instanceof OutboxUnavailableError)) throw error;
  markDegraded(QUEUE_GROUP);
  throw new GroupUnavailableException(QUEUE_GROUP, error);
}
