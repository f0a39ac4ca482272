import { Injectable } from '@nestjs/common';
import { defineJob, type JobContext, JobHandler } from '@trivet/queue';
import { z } from 'zod';
import { Clock } from '../clock.js';
import { Notes } from './notes.js';

const payload = z.object({
  userId: z.uuid(),
  text: z.string().min(1).max(2_000),
  /** When it was written, if that was before the job runs. */
  at: z.iso.datetime().optional(),
});

/** What {@link appendNote} is about. */
export type AppendNote = z.output<typeof payload>;

/** Writes a note down. */
export const appendNote = defineJob<AppendNote>({
  name: 'academy.append-note',
  queue: 'notes',
  payload,
  onOutage: 'inline',
  inline: { maxMs: 500, concurrency: 4, idempotent: true },
});

@Injectable()
export class AppendNoteHandler extends JobHandler<AppendNote> {
  readonly job = appendNote;

  constructor(
    private readonly clock: Clock,
    private readonly notes: Notes,
  ) {
    super();
  }

  async handle({ userId, text, at }: AppendNote, { id, tx }: JobContext): Promise<void> {
    await this.notes.append(userId, { jobId: id, text, at: at ? new Date(at) : this.clock.now() }, tx);
  }
}
