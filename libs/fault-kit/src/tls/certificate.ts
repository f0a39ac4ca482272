import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { bits, commonName, der, integer, octets, oid, sequence, time, yes } from './der.js';

/** A certificate with its key, both as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));
const BASIC_CONSTRAINTS = oid('551d13');
const SUBJECT_ALT_NAME = oid('551d11');

/** A throw-away certificate authority. Node can sign but not issue, hence the DER. */
export class CertificateAuthority {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // OpenSSL looks an issuer up by its name alone, so two authorities in one bundle must not share one.
  readonly #name = `fault-kit CA ${randomBytes(4).toString('hex')}`;
  /** What clients must trust, as PEM. */
  readonly certificate: string;

  constructor() {
    const isAuthority = sequence(BASIC_CONSTRAINTS, yes, octets(sequence(yes)));
    this.certificate = this.#sign(this.#name, this.#keys.publicKey, [isAuthority], daysFromNow(1));
  }

  /** For `127.0.0.1` and `localhost`, valid until `daysLeft` days from now; a negative number is expired. */
  issue(daysLeft: number): Certificate {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
    const extensions = [sequence(SUBJECT_ALT_NAME, octets(names))];
    return {
      certificate: this.#sign('localhost', publicKey, extensions, daysFromNow(daysLeft)),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }

  #sign(subject: string, key: KeyObject, extensions: Buffer[], notAfter: Date): string {
    const body = sequence(
      der(0xa0, integer(2)),
      integer(1),
      ECDSA_WITH_SHA256,
      commonName(this.#name),
      sequence(time(daysFromNow(-30)), time(notAfter)),
      commonName(subject),
      key.export({ type: 'spki', format: 'der' }),
      der(0xa3, sequence(...extensions)),
    );
    const signed = sequence(body, ECDSA_WITH_SHA256, bits(sign('sha256', body, this.#keys.privateKey)));
    const lines = signed.toString('base64').match(/.{1,64}/g) ?? [];
    return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  }
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * DAY_MS);
}
