import { Injectable } from '@nestjs/common';
import { defineJob, HopelessJobError, type JobContext, JobHandler } from '@trivet/queue';
import { v5 as uuidv5 } from 'uuid';
import { z } from 'zod';
import { Mailer, MailNotSentError } from '../mail/mailer.js';
import { digestMail } from './digest-mail.js';
import { Digests, weekUntil } from './digests.js';

const payload = z.object({
  userId: z.uuid(),
  /** End of the week that it tells of. */
  until: z.iso.datetime(),
});

/** What {@link sendDigest} is about. */
export type SendDigest = z.output<typeof payload>;

/** Mails somebody their week. */
export const sendDigest = defineJob<SendDigest>({
  name: 'academy.send-digest',
  queue: 'mail',
  payload,
  // Two hours: mail servers come back.
  attempts: 12,
  backoffMs: 2_000,
});

const DIGESTS = '0198d6a2-6c4e-7cc4-9a53-6f1a2b9d7e10';

/** The job's id: the same for the same digest, so whoever asks twice, or is planned twice, gets one mail. */
export const digestId = ({ userId, until }: SendDigest): string => uuidv5(`${userId} ${until}`, DIGESTS);

@Injectable()
export class SendDigestHandler extends JobHandler<SendDigest> {
  readonly job = sendDigest;

  constructor(
    private readonly digests: Digests,
    private readonly mailer: Mailer,
    private readonly learnUrl: string,
  ) {
    super();
  }

  /**
   * The mail is the last thing before the commit that notes the job down as done. Between the server's yes and that
   * commit lies a moment in which a crash has the mail sent again, with the same Message-ID.
   */
  async handle({ userId, until }: SendDigest, { id, tx, signal }: JobContext): Promise<void> {
    const digest = await this.digests.read(userId, weekUntil(new Date(until)), tx);
    // The person has left meanwhile.
    if (!digest) return;
    await this.mailer.send({ id, ...digestMail(digest, this.learnUrl) }, signal).catch(giveUpIfPermanent);
  }
}

function giveUpIfPermanent(error: unknown): never {
  if (error instanceof MailNotSentError && error.isPermanent) throw new HopelessJobError(error.message);
  throw error;
}
