import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

// Fast: what is cached is read more often than it is written, but written while somebody waits.
const params = { [constants.BROTLI_PARAM_QUALITY]: 3 };

/** A value as it travels. */
export interface Payload {
  readonly isCompressed: boolean;
  readonly bytes: Buffer | string;
}

/** JSON, except that `undefined`, which JSON does not have, is no text at all. @throws {TypeError} what is not JSON */
export function toText(value: unknown): string {
  return value === undefined ? '' : (JSON.stringify(value) ?? '');
}

/** @throws {SyntaxError} when the text was cut */
export function fromText(text: string): unknown {
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** Packs a text for its way to Redis; a promise only where it is compressed. */
export function pack(text: string, compressAboveBytes: number): Payload | Promise<Payload> {
  return text.length <= compressAboveBytes ? { isCompressed: false, bytes: text } : packTightly(text);
}

async function packTightly(text: string): Promise<Payload> {
  return { isCompressed: true, bytes: await compress(Buffer.from(text), { params }) };
}

/** @throws when the bytes are not what {@link pack} made of a long text */
export async function unpack(bytes: Buffer): Promise<string> {
  return (await decompress(bytes)).toString();
}
