import { InjectQueue } from '@nestjs/bullmq';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Certificates, Notes, type Account } from '@trivet/academy';
import type { Queue } from 'bullmq';
import { z } from 'zod';
import { CurrentAccount, SignedIn } from '../session/signed-in.js';
import type { CertificateJob, NoteJob } from '../worker/jobs.js';

const note = z.strictObject({ text: z.string().trim().min(1).max(2_000) });
const wanted = z.strictObject({ course: z.string().min(1).max(100) });
const range = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(100) });

/** What the worker does for learners. */
@SignedIn()
@Controller('api')
export class JobsController {
  constructor(
    private readonly certificates: Certificates,
    private readonly notes: Notes,
    @InjectQueue('certificates') private readonly certificateQueue: Queue<CertificateJob>,
    @InjectQueue('notes') private readonly noteQueue: Queue<NoteJob>,
  ) {
    for (const queue of [certificateQueue, noteQueue])
      queue.on('error', (error) => console.error('Queue error', error));
  }

  @Post('certificates')
  @HttpCode(202)
  async requestCertificate(
    @CurrentAccount() account: Account,
    @Body({ schema: wanted }) { course }: z.output<typeof wanted>,
  ) {
    const { id } = await this.certificates.request(account.id, course);
    await this.certificateQueue.add('issue', { certificateId: id });
    return { id, placed: 'queue' };
  }

  @Post('notes')
  @HttpCode(202)
  async takeNote(
    @CurrentAccount() { id: userId }: Account,
    @Body({ schema: note }) { text }: z.output<typeof note>,
  ) {
    const { id } = await this.noteQueue.add('append', { userId, text });
    return { id, placed: 'queue' };
  }

  @Get('notes')
  listNotes(@CurrentAccount() { id }: Account, @Query({ schema: range }) { limit }: z.output<typeof range>) {
    return this.notes.list(id, limit);
  }
}
