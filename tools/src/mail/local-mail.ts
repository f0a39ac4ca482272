import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { MailFolder } from './mail-folder.js';
import { mailRoutes } from './mail-routes.js';

/** Where {@link LocalMail} listens on 127.0.0.1, and what it keeps. */
export interface LocalMailOptions {
  /** @default 0: any free one */
  readonly smtpPort?: number;
  /** @default 0: any free one */
  readonly pagePort?: number;
  /** Keeps the mails. @default none: they are gone after `stop()` */
  readonly dir?: string | undefined;
}

const LARGEST_BYTES = 10 * 2 ** 20;

/** A real SMTP server that delivers nowhere: every mail is kept, and readable on a page. */
export class LocalMail {
  private constructor(
    /** `smtp://127.0.0.1:port`, for SMTP_URL. */
    readonly smtpUrl: string,
    /** The page. An address of its own, not a `*.trivet.localhost`: no session cookie travels here. */
    readonly pageUrl: string,
    readonly folder: MailFolder,
    /** Addresses that are refused for good (550), to see what becomes of such mail. */
    readonly refused: Set<string>,
    private readonly servers: readonly [SMTPServer, Server],
  ) {}

  static async start({ smtpPort = 0, pagePort = 0, dir }: LocalMailOptions = {}): Promise<LocalMail> {
    const folder = await MailFolder.open(dir);
    const refused = new Set<string>();
    const smtp = smtpServer(folder, refused);
    const page = createServer(mailRoutes(folder));
    try {
      const [taken] = await Promise.all([
        once(smtp.listen(smtpPort, '127.0.0.1'), 'listening').then(() => portOf(smtp.server)),
        once(page.listen(pagePort, '127.0.0.1'), 'listening'),
      ]);
      const urls = [`smtp://127.0.0.1:${taken}`, `http://127.0.0.1:${portOf(page)}`] as const;
      return new LocalMail(...urls, folder, refused, [smtp, page]);
    } catch (error) {
      await close(smtp, page);
      await folder.close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await close(...this.servers);
    await this.folder.close();
  }
}

function smtpServer(folder: MailFolder, refused: ReadonlySet<string>): SMTPServer {
  const take = async (stream: SMTPServerDataStream): Promise<void> => {
    const source = await buffer(stream);
    if (stream.sizeExceeded) throw Object.assign(new Error('The mail is too large.'), { responseCode: 552 });
    await folder.add(source);
  };
  const server = new SMTPServer({
    banner: 'trivet keeps every mail and delivers none',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST_BYTES,
    closeTimeout: 500,
    onRcptTo: ({ address }, _session, done) =>
      done(
        refused.has(address) ? Object.assign(new Error('Nobody is here.'), { responseCode: 550 }) : undefined,
      ),
    onData: (stream, _session, done) => void take(stream).then(() => done(), done),
  });
  // A client that goes away in the middle of a mail is no matter for this process.
  server.on('error', () => undefined);
  return server;
}

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

async function close(smtp: SMTPServer, page: Server): Promise<void> {
  page.closeAllConnections();
  page.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
}
