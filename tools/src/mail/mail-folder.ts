import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';

/** A mail as the server took it. */
export interface Mail {
  /** Its place in the folder; newer ones sort later. */
  readonly id: string;
  readonly receivedAt: Date;
  readonly messageId: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** As it came: not to be trusted. */
  readonly html: string | undefined;
}

const KEPT = 500;
const FILE = /^(\d{13})-\d{6}\.eml$/;

/** Mails as `.eml` files, which any mail program opens; the newest 500. */
export class MailFolder {
  #count = 0;

  private constructor(
    readonly dir: string,
    private readonly isTemporary: boolean,
  ) {}

  /** @param dir kept after `close()`; without one the mails are gone then */
  static async open(dir?: string): Promise<MailFolder> {
    if (dir === undefined) return new MailFolder(await mkdtemp(join(tmpdir(), 'trivet-mail-')), true);
    await mkdir(dir, { recursive: true });
    return new MailFolder(dir, false);
  }

  async add(source: Buffer): Promise<void> {
    const id = `${Date.now()}-${String(this.#count++ % 1_000_000).padStart(6, '0')}`;
    // A reader must not find half a mail.
    await writeFile(join(this.dir, `${id}.tmp`), source);
    await rename(join(this.dir, `${id}.tmp`), join(this.dir, `${id}.eml`));
    const ids = await this.#ids();
    await Promise.all(ids.slice(KEPT).map((old) => rm(join(this.dir, `${old}.eml`), { force: true })));
  }

  /** Newest first. */
  async list(): Promise<Mail[]> {
    const mails = await Promise.all((await this.#ids()).map((id) => this.read(id)));
    return mails.filter((mail) => mail !== undefined);
  }

  /** Undefined when there is no such mail. */
  async read(id: string): Promise<Mail | undefined> {
    const received = FILE.exec(`${id}.eml`)?.[1];
    const source = received && (await readFile(join(this.dir, `${id}.eml`)).catch(ifMissing));
    return source ? mailOf(id, new Date(Number(received)), await simpleParser(source)) : undefined;
  }

  async close(): Promise<void> {
    if (this.isTemporary) await rm(this.dir, { recursive: true, force: true });
  }

  async #ids(): Promise<string[]> {
    const names = (await readdir(this.dir)).filter((name) => FILE.test(name));
    return names
      .map((name) => name.replace(/\.eml$/, ''))
      .sort()
      .reverse();
  }
}

function mailOf(id: string, receivedAt: Date, parsed: ParsedMail): Mail {
  return {
    id,
    receivedAt,
    messageId: parsed.messageId ?? '',
    from: parsed.from?.text ?? '',
    to: addressesOf(parsed.to),
    subject: parsed.subject ?? '(no subject)',
    text: parsed.text ?? '',
    html: parsed.html || undefined,
  };
}

const addressesOf = (to: AddressObject | AddressObject[] | undefined): string[] =>
  [to ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .map(({ address = '' }) => address);

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
