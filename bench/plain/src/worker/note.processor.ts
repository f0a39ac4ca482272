import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Notes } from '@trivet/academy';
import type { Job } from 'bullmq';
import type { NoteJob } from './jobs.js';

@Processor('notes')
export class NoteProcessor extends WorkerHost {
  constructor(private readonly notes: Notes) {
    super();
  }

  async process({ id = '', data: { userId, text } }: Job<NoteJob>): Promise<void> {
    await this.notes.append(userId, { jobId: id, text, at: new Date() });
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    console.error('Worker error', error);
  }
}
