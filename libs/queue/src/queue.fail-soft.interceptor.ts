import { Injectable } from '@nestjs/common';
import { FailSoftInterceptor, GroupUnavailableException, type RedisUnavailableError } from '@trivet/redis';
import { throwError, type Observable } from 'rxjs';
import { QUEUE_GROUP } from './queue.tokens.js';

/** The queue group's policy for a job that may not run inline: refused for now, and told so. */
@Injectable()
export class QueueFailSoftInterceptor extends FailSoftInterceptor {
  protected override readonly group = QUEUE_GROUP;

  protected override answer(error: RedisUnavailableError): Observable<never> {
    return throwError(() => new GroupUnavailableException(QUEUE_GROUP, error));
  }
}
