import { Injectable } from '@nestjs/common';
import { defineJob, type JobContext, JobHandler } from '@trivet/queue';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { certificates, courses, users } from '../academy.schema.js';
import { Clock } from '../clock.js';
import { renderCertificate } from './certificate-pdf.js';
import { CertificateNotFoundError } from './certificates.errors.js';

const payload = z.object({ certificateId: z.uuid() });

/** What {@link issueCertificate} is about. */
export type IssueCertificate = z.output<typeof payload>;

/** Makes the PDF of a requested certificate. */
export const issueCertificate = defineJob<IssueCertificate>({
  name: 'academy.issue-certificate',
  queue: 'certificates',
  payload,
  durability: 'transactional',
});

@Injectable()
export class IssueCertificateHandler extends JobHandler<IssueCertificate> {
  readonly job = issueCertificate;

  constructor(private readonly clock: Clock) {
    super();
  }

  async handle({ certificateId }: IssueCertificate, { tx }: JobContext): Promise<void> {
    const [wanted] = await tx
      .select({ id: certificates.id, name: users.name, course: courses.title, state: certificates.state })
      .from(certificates)
      .innerJoin(users, eq(users.id, certificates.userId))
      .innerJoin(courses, eq(courses.slug, certificates.courseSlug))
      .where(eq(certificates.id, certificateId));
    if (!wanted) throw new CertificateNotFoundError();
    if (wanted.state === 'ready') return;
    const issuedAt = this.clock.now();
    const pdf = await renderCertificate({ ...wanted, issuedAt });
    await tx
      .update(certificates)
      .set({ state: 'ready', issuedAt, pdf })
      .where(eq(certificates.id, certificateId));
  }
}
