import { Module, type DynamicModule } from '@nestjs/common';
import { type DurableQueue, getDurableQueueToken } from '@trivet/queue';
import { Clock } from '../clock.js';
import { Digests } from '../digests/digests.js';
import { PlanDigestsHandler } from '../digests/plan-digests.job.js';
import { sendDigest, SendDigestHandler } from '../digests/send-digest.job.js';
import { Mailer } from './mailer.js';
import { SmtpMailer, type SmtpOptions } from './smtp-mailer.js';

/** What a process that sends mail must be told. */
export interface AcademyMailOptions extends SmtpOptions {
  /** Where the links in mails lead: the learning site, without a trailing slash. */
  readonly learnUrl: string;
}

/** The jobs that send mail; for the worker, beside a global `AcademyModule` and the queue's module. */
@Module({})
export class AcademyMailModule {
  static forRoot({ learnUrl, ...smtp }: AcademyMailOptions): DynamicModule {
    return {
      module: AcademyMailModule,
      providers: [
        { provide: Mailer, useFactory: () => new SmtpMailer(smtp) },
        {
          provide: SendDigestHandler,
          inject: [Digests, Mailer],
          useFactory: (digests: Digests, mailer: Mailer) => new SendDigestHandler(digests, mailer, learnUrl),
        },
        {
          provide: PlanDigestsHandler,
          inject: [Digests, Clock, getDurableQueueToken(sendDigest.queue)],
          useFactory: (digests: Digests, clock: Clock, queue: DurableQueue) =>
            new PlanDigestsHandler(digests, clock, queue),
        },
      ],
      exports: [SendDigestHandler, PlanDigestsHandler],
    };
  }
}
