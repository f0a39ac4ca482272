import { Injectable } from '@nestjs/common';
import { Certificates, issueCertificate } from '@trivet/academy';
import { Database } from '@trivet/database';
import { InjectDurableQueue, type DurableQueue, type PlacedJob } from '@trivet/queue';

/** Asks for certificates: the row and the job that makes the PDF come to be together, or neither does. */
@Injectable()
export class CertificateRequests {
  constructor(
    private readonly database: Database,
    private readonly certificates: Certificates,
    @InjectDurableQueue(issueCertificate.queue) private readonly queue: DurableQueue,
  ) {}

  /**
   * @returns the certificate's id and where its job went
   * @throws CertificateExistsError, CourseNotFoundError, OutboxUnavailableError when the outbox is full
   */
  async request(userId: string, course: string): Promise<PlacedJob> {
    return this.database.transaction(async (tx) => {
      const { id, jobId } = await this.certificates.request(userId, course, tx);
      const { placed } = await this.queue.add(issueCertificate, { certificateId: id }, { id: jobId, tx });
      return { id, placed };
    });
  }
}
