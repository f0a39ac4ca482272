import { Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './academy.options.js';
import { Accounts } from './accounts/accounts.js';
import { Credentials } from './accounts/credentials.js';
import { HashSlots } from './accounts/hash-slots.js';
import { SignInLimiter } from './accounts/sign-in-limiter.js';
import { Certificates } from './certificates/certificates.js';
import { issueCertificate, IssueCertificateHandler } from './certificates/issue-certificate.job.js';
import { Clock, SystemClock } from './clock.js';
import { Courses } from './courses/courses.js';
import { Progress } from './courses/progress.js';
import { Digests } from './digests/digests.js';
import { planDigests, PlanDigestsHandler, weeklyDigests } from './digests/plan-digests.job.js';
import { sendDigest, SendDigestHandler } from './digests/send-digest.job.js';
import { appendNote, AppendNoteHandler } from './notes/append-note.job.js';
import { Notes } from './notes/notes.js';

/** The academy's jobs, for `QueueModule` and `QueueWorkerModule`: what is added ... */
export const academyJobs = [appendNote, issueCertificate, sendDigest, planDigests] as const;

/** ... what comes by itself ... */
export const academySchedules = [weeklyDigests] as const;

/** ... what runs it in a web process, in an outage ... */
export const academyInlineHandlers = [AppendNoteHandler] as const;

/** ... and what runs it in the worker. Mail needs `AcademyMailModule` as well. */
export const academyJobHandlers = [
  ...academyInlineHandlers,
  IssueCertificateHandler,
  SendDigestHandler,
  PlanDigestsHandler,
] as const;

const services = [Accounts, Credentials, Courses, Progress, Certificates, Notes, Digests];

/** The academy over the app's `Database`. */
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    HashSlots,
    SignInLimiter,
    ...services,
    IssueCertificateHandler,
    AppendNoteHandler,
  ],
  exports: [Clock, ...services, IssueCertificateHandler, AppendNoteHandler],
})
export class AcademyModule extends ConfigurableModuleClass {}
