import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { IssueCertificateHandler } from '@trivet/academy';
import { Database } from '@trivet/database';
import type { Job } from 'bullmq';
import type { CertificateJob } from './jobs.js';

@Processor('certificates')
export class CertificateProcessor extends WorkerHost {
  constructor(
    private readonly database: Database,
    private readonly issuing: IssueCertificateHandler,
  ) {
    super();
  }

  async process({ id = '', data }: Job<CertificateJob>): Promise<void> {
    const { signal } = new AbortController();
    await this.database.transaction((tx) => this.issuing.handle(data, { id, tx, signal }));
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    console.error('Worker error', error);
  }
}
