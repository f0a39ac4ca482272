import { LRUCache } from 'lru-cache';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SealKey, SealPurpose } from './seal-key.js';

/**
 * Why a sealed text did not open. `unknown-key`: sealed with a key that this process does not know (yet, or any more), which is
 * ordinary while keys are rotated. `tampered`: changed, or sealed for another purpose or context. `malformed`: never a sealed text.
 */
export type SealFailure = 'unknown-key' | 'tampered' | 'malformed';

/** What came of opening a sealed text. */
export type Opened =
  | {
      readonly ok: true;
      readonly plain: string;
      /** Whether a key opened it that seals no more: seal it anew, so that the old key can be retired. */
      readonly outdated: boolean;
    }
  | { readonly ok: false; readonly reason: SealFailure };

const algorithm = 'aes-256-gcm';
const format = 1;
const ivBytes = 12;
const tagBytes = 16;
/** Format, id of the key, day: what stands in the clear in front of the nonce. */
const headerBytes = 1 + 4 + 2;
const dayMs = 86_400_000;
/** A browser sends its cookies, and Redis its record, with every request. */
const mostRemembered = 2048;

/**
 * Seals texts with AES-256-GCM: nobody without a key of the ring can read, change or make one. Whatever must match when
 * it is opened, such as the key it is stored under, goes into `context`, which is authenticated but not stored.
 */
export class Seal {
  /** What has opened. What has not is not remembered: a stranger could make any number of those. */
  readonly #opened = new LRUCache<string, Opened>({ max: mostRemembered });

  constructor(
    private readonly keys: readonly SealKey[],
    private readonly purpose: SealPurpose,
    private readonly now: () => number,
  ) {}

  /** @returns base64url, 47 characters and a third longer than `plain`. */
  seal(plain: string, context: string): string {
    const key = this.keys[0]!;
    const header = Buffer.alloc(headerBytes);
    const day = Math.floor(this.now() / dayMs);
    header.writeUInt8(format);
    key.id.copy(header, 1);
    header.writeUInt16BE(day, 5);
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, key.subkey(this.purpose, day), iv, { authTagLength: tagBytes });
    cipher.setAAD(aad(header, context));
    const sealed = [cipher.update(plain, 'utf8'), cipher.final()];
    return Buffer.concat([header, iv, ...sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** Never throws: what does not open says why. */
  open(sealed: string, context: string): Opened {
    const name = `${context.length}:${context}${sealed}`;
    const known = this.#opened.get(name);
    if (known) return known;
    const opened = this.#decipher(sealed, context);
    if (opened.ok) this.#opened.set(name, opened);
    return opened;
  }

  #decipher(sealed: string, context: string): Opened {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < headerBytes + ivBytes + tagBytes || bytes[0] !== format) return failed('malformed');
    const header = bytes.subarray(0, headerBytes);
    const key = this.keys.find(({ id }) => id.equals(header.subarray(1, 5)));
    if (!key) return failed('unknown-key');
    const day = header.readUInt16BE(5);
    const iv = bytes.subarray(headerBytes, headerBytes + ivBytes);
    const decipher = createDecipheriv(algorithm, key.subkey(this.purpose, day), iv, {
      authTagLength: tagBytes,
    });
    decipher.setAAD(aad(header, context)).setAuthTag(bytes.subarray(-tagBytes));
    try {
      const start = decipher.update(bytes.subarray(headerBytes + ivBytes, -tagBytes));
      const plain = Buffer.concat([start, decipher.final()]).toString('utf8');
      return { ok: true, plain, outdated: key !== this.keys[0] };
    } catch {
      // Its only error here: the tag does not fit.
      return failed('tampered');
    }
  }
}

// The header's length is fixed, so header and context cannot be shifted against each other.
function aad(header: Buffer, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context, 'utf8')]);
}

function failed(reason: SealFailure): Opened {
  return { ok: false, reason };
}
