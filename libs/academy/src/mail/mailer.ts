/** A mail that is ready to go. */
export interface OutgoingMail {
  /** Of the job that sends it: the Message-ID is made from it, so a mail that goes out twice can be told. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Hands mail over to whoever delivers it. */
export abstract class Mailer {
  /** Resolves once the mail server has taken the mail. @throws {MailNotSentError} */
  abstract send(mail: OutgoingMail, signal: AbortSignal): Promise<void>;
}

/** The mail server did not take a mail, or did not say so. No address and no text of the mail is in it. */
export class MailNotSentError extends Error {
  readonly code = 'MAIL_NOT_SENT';
  override readonly name = 'MailNotSentError';

  constructor(
    /** Whether the server refused for good (5xx): trying again would not help. */
    readonly isPermanent: boolean,
    reason: string,
  ) {
    super(
      `The mail server did not take the mail (${reason}). ${isPermanent ? 'It refused it for good.' : ''}`.trim(),
    );
  }
}
