export { AcademyError } from './academy.errors.js';
export { academyMigrations } from './academy.migrations.js';
export {
  academyInlineHandlers,
  academyJobHandlers,
  academyJobs,
  AcademyModule,
  academySchedules,
} from './academy.module.js';
export type { AcademyOptions } from './academy.options.js';
export { type Account, Accounts, type NewAccount, type Role } from './accounts/accounts.js';
export {
  EmailTakenError,
  InvalidCredentialsError,
  PasswordPolicyError,
  TooManySignInsError,
} from './accounts/accounts.errors.js';
export { Credentials, type PasswordProof } from './accounts/credentials.js';
export type { SignInAttempt } from './accounts/sign-in-limiter.js';
export { type Certificate, Certificates, type RequestedCertificate } from './certificates/certificates.js';
export { CertificateExistsError, CertificateNotFoundError } from './certificates/certificates.errors.js';
export {
  type IssueCertificate,
  issueCertificate,
  IssueCertificateHandler,
} from './certificates/issue-certificate.job.js';
export { Clock, SystemClock } from './clock.js';
export { type Course, Courses, type Lesson, type LessonEdit } from './courses/courses.js';
export { CourseNotFoundError, LessonNotFoundError } from './courses/courses.errors.js';
export { type CourseProgress, Progress } from './courses/progress.js';
export { type Digest, Digests, type Period, weekUntil } from './digests/digests.js';
export { planDigests, PlanDigestsHandler, weeklyDigests } from './digests/plan-digests.job.js';
export { digestId, type SendDigest, sendDigest, SendDigestHandler } from './digests/send-digest.job.js';
export { AcademyMailModule, type AcademyMailOptions } from './mail/academy-mail.module.js';
export { Mailer, MailNotSentError, type OutgoingMail } from './mail/mailer.js';
export { type SmtpOptions } from './mail/smtp-mailer.js';
export { type AppendNote, appendNote, AppendNoteHandler } from './notes/append-note.job.js';
export { type Note, Notes } from './notes/notes.js';
export { seedCourses } from './seeds/seed-courses.js';
export { hasDemoAccounts, seedDemoAccounts } from './seeds/seed-demo-accounts.js';
