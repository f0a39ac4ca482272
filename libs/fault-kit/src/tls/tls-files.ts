import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from './certificate.js';

/** Paths of a certificate and its key. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** A server's certificates as files: a valid one, an expired one, and the authority that clients must trust. */
export class TlsFiles {
  private constructor(
    readonly dir: string,
    readonly ca: string,
    readonly valid: KeyPair,
    readonly expired: KeyPair,
  ) {}

  static async create(): Promise<TlsFiles> {
    const dir = await mkdtemp(join(tmpdir(), 'fault-kit-tls-'));
    const authority = new CertificateAuthority();
    const write = async (name: string, content: string) => {
      await writeFile(join(dir, name), content, { mode: 0o600 });
      return join(dir, name);
    };
    const issue = async (name: string, daysLeft: number) => {
      const { certificate, key } = authority.issue(daysLeft);
      return { certificate: await write(`${name}.crt`, certificate), key: await write(`${name}.key`, key) };
    };
    const ca = await write('ca.crt', authority.certificate);
    return new TlsFiles(dir, ca, await issue('valid', 1), await issue('expired', -1));
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}
