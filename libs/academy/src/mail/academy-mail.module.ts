import { Module, type DynamicModule } from '@nestjs/common';
import { Digests } from '../digests/digests.js';
import { SendDigestHandler } from '../digests/send-digest.job.js';
import { Mailer } from './mailer.js';
import { SmtpMailer, type SmtpOptions } from './smtp-mailer.js';

/** What a process that sends mail must be told. */
export interface AcademyMailOptions extends SmtpOptions {
  /** Where the links in mails lead: the learning site, without a trailing slash. */
  readonly learnUrl: string;
}

/** The jobs that send mail; for the worker, beside a global `AcademyModule`. */
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
      ],
      exports: [SendDigestHandler],
    };
  }
}
