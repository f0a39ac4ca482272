import { Injectable } from '@nestjs/common';
import { Certificates, issueCertificate } from '@trivet/academy';
import { InjectDurableQueue, type DurableQueue, type PlacedJob } from '@trivet/queue';

/** Asks for certificates: the row first, then the job that makes the PDF. */
@Injectable()
export class CertificateRequests {
  constructor(
    private readonly certificates: Certificates,
    @InjectDurableQueue(issueCertificate.queue) private readonly queue: DurableQueue,
  ) {}

  /**
   * @returns the certificate's id and where its job went
   * @throws CertificateExistsError, CourseNotFoundError, RedisUnavailableError when the job was not taken
   */
  async request(userId: string, course: string): Promise<PlacedJob> {
    const certificateId = await this.certificates.request(userId, course);
    try {
      const { placed } = await this.queue.add(issueCertificate, { certificateId });
      return { id: certificateId, placed };
    } catch (error) {
      // Nobody will make it: the person may ask again.
      await this.certificates.markFailed(certificateId);
      throw error;
    }
  }
}
