import { Injectable } from '@nestjs/common';
import { Database, type DatabaseExecutor, DatabaseQueryError } from '@trivet/database';
import { isDeadLetter } from '@trivet/queue';
import { and, desc, eq, or, sql } from 'drizzle-orm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { certificates, certificateState, courses } from '../academy.schema.js';
import { Clock } from '../clock.js';
import { CourseNotFoundError } from '../courses/courses.errors.js';
import { CertificateExistsError, CertificateNotFoundError } from './certificates.errors.js';

/** A certificate and how far it is. */
export interface Certificate {
  readonly id: string;
  /** Slug of the course. */
  readonly course: string;
  readonly title: string;
  readonly state: (typeof certificateState.enumValues)[number];
  readonly requestedAt: Date;
  readonly issuedAt: Date | null;
}

/** No row is told of a job that has been given up: whether it has is asked each time, so a redrive shows at once. */
const isGivenUp = and(eq(certificates.state, 'pending'), isDeadLetter(certificates.jobId));

const certificateColumns = {
  id: certificates.id,
  course: certificates.courseSlug,
  title: courses.title,
  state: sql<Certificate['state']>`case when ${isGivenUp} then 'failed' else ${certificates.state} end`,
  requestedAt: certificates.requestedAt,
  issuedAt: certificates.issuedAt,
};

/** A certificate that is to be made. */
export interface RequestedCertificate {
  /** Its own id, payload of the job. */
  readonly id: string;
  /** The id that its job must have. */
  readonly jobId: string;
}

const select = (database: Database) =>
  database
    .select(certificateColumns)
    .from(certificates)
    .innerJoin(courses, eq(courses.slug, certificates.courseSlug))
    .$dynamic();

const prepareList = (database: Database) =>
  select(database)
    .where(eq(certificates.userId, sql.placeholder('userId')))
    .orderBy(desc(certificates.requestedAt))
    .prepare('academy.certificates');

/** A person asks for a certificate here; the job `academy.issue-certificate` makes it. */
@Injectable()
export class Certificates {
  readonly #list: ReturnType<typeof prepareList>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.#list = prepareList(database);
  }

  /**
   * Notes down that a certificate is wanted, again if the last try failed. Belongs into the transaction that adds its job.
   *
   * @throws CertificateExistsError, CourseNotFoundError
   */
  async request(
    userId: string,
    course: string,
    executor: DatabaseExecutor = this.database,
  ): Promise<RequestedCertificate> {
    const jobId = uuidv7();
    const anew = { state: 'pending', jobId, requestedAt: this.clock.now() } as const;
    const [row] = await executor
      .insert(certificates)
      .values({ id: uuidv7(), userId, courseSlug: course, ...anew })
      .onConflictDoUpdate({
        target: [certificates.userId, certificates.courseSlug],
        set: anew,
        setWhere: or(eq(certificates.state, 'failed'), isGivenUp),
      })
      .returning({ id: certificates.id })
      .catch(toCourseNotFound);
    if (row) return { id: row.id, jobId };
    const [existing] = await executor
      .select({ id: certificates.id })
      .from(certificates)
      .where(and(eq(certificates.userId, userId), eq(certificates.courseSlug, course)));
    throw existing ? new CertificateExistsError(existing.id) : new CertificateNotFoundError();
  }

  /** @throws CertificateNotFoundError when there is none or it is somebody else's */
  async find(id: string, userId: string): Promise<Certificate> {
    const [row] = isUuid(id) ? await select(this.database).where(owned(id, userId)) : [];
    if (!row) throw new CertificateNotFoundError();
    return row;
  }

  /** A person's certificates, newest first. */
  async list(userId: string): Promise<Certificate[]> {
    return this.#list.execute({ userId });
  }

  /** The PDF. @throws CertificateNotFoundError when it is not ready, or somebody else's */
  async file(id: string, userId: string): Promise<Buffer> {
    if (!isUuid(id)) throw new CertificateNotFoundError();
    const [row] = await this.database
      .select({ pdf: certificates.pdf })
      .from(certificates)
      .where(owned(id, userId));
    if (!row?.pdf) throw new CertificateNotFoundError();
    return row.pdf;
  }
}

const owned = (id: string, userId: string) => and(eq(certificates.id, id), eq(certificates.userId, userId));

function toCourseNotFound(error: unknown): never {
  const unknownCourse = error instanceof DatabaseQueryError && error.constraint?.includes('course_slug');
  throw unknownCourse ? new CourseNotFoundError() : error;
}
