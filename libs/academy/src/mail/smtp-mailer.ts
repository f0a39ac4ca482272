import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { Mailer, MailNotSentError, type OutgoingMail } from './mailer.js';

/** How mail leaves. */
export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with credentials where the server wants them. */
  readonly smtpUrl: string;
  /** The sender: `Name <address>`. The address's domain ends the Message-IDs. */
  readonly from: string;
  /** Refuses an `smtp://` server that offers no STARTTLS. @default false */
  readonly requireTls?: boolean;
}

const CONNECT_MS = 5_000;
const SILENCE_MS = 10_000;

/** Hands mail to an SMTP server, over at most two connections that stay open for a while. */
@Injectable()
export class SmtpMailer extends Mailer implements OnApplicationShutdown {
  readonly #transport: Transporter;
  readonly #from: string;
  readonly #domain: string;

  constructor({ smtpUrl, from, requireTls = false }: SmtpOptions) {
    super();
    this.#from = from;
    this.#domain = /@([^>@]+)>?$/.exec(from)?.[1] ?? 'localhost';
    this.#transport = createTransport({
      url: smtpUrl,
      pool: true,
      maxConnections: 2,
      // Whoever calls decides about another try: only the ledger of done jobs knows what has been sent.
      maxRequeues: 0,
      requireTLS: requireTls,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      // A mail is made of the texts it is given; it never reads a file or an address.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send({ id, ...mail }: OutgoingMail, signal: AbortSignal): Promise<void> {
    const headers = { 'Auto-Submitted': 'auto-generated' };
    const messageId = `<${id}@${this.#domain}>`;
    await this.#transport
      .sendMail({ ...mail, from: this.#from, messageId, headers, signal })
      .catch((error: unknown) => {
        throw notSent(error as SmtpError);
      });
  }

  onApplicationShutdown(): void {
    this.#transport.close();
  }
}

interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
}

/** Without its cause: a server's answer quotes addresses. */
function notSent({ code = 'no code', responseCode }: SmtpError): MailNotSentError {
  const isPermanent = responseCode !== undefined && responseCode >= 500;
  return new MailNotSentError(isPermanent, responseCode === undefined ? code : `${code} ${responseCode}`);
}
