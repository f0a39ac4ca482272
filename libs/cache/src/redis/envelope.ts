/** What stands in Redis under a value's name, before it is looked into. */
export interface Envelope {
  /** Differs for every write. */
  readonly id: string;
  /** End of its life on the server's clock, milliseconds. */
  readonly freshUntil: number;
  /** The versions it was made under, joined by dots. */
  readonly versions: string;
  readonly tags: readonly string[];
  /** JSON, or what it was compressed to. */
  readonly payload: string | Buffer;
}

const head = /^[jz] (\S+) (\d+) (\S+) (\[.*\])\n/;
const compressed = 'z'.charCodeAt(0);

/**
 * One line of head, then the payload: `j|z id freshUntil version.version ["tag"]`. The scripts write the same.
 *
 * @returns `undefined` for anything else
 */
export function readEnvelope(bytes: Buffer): Envelope | undefined {
  // Head and payload are decoded together, which takes less than one after the other, unless the payload is no text.
  const isCompressed = bytes[0] === compressed;
  const text = isCompressed ? bytes.toString('utf8', 0, bytes.indexOf('\n') + 1) : bytes.toString();
  const [line, id = '', freshUntil, versions = '', list = ''] = head.exec(text) ?? [];
  const tags = line && tagsIn(list);
  if (!tags) return undefined;
  const payload = isCompressed ? bytes.subarray(Buffer.byteLength(line)) : text.slice(line.length);
  return { id, freshUntil: Number(freshUntil), versions, tags, payload };
}

function tagsIn(text: string): readonly string[] | undefined {
  if (text === '[]') return [];
  try {
    const tags: unknown = JSON.parse(text);
    return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;
  } catch {
    return undefined;
  }
}

/** The head's parts that the client writes, before and behind those of the script: encoding and tags. */
export function headOf(isCompressed: boolean, tags: readonly string[]) {
  return { encoding: isCompressed ? 'z' : 'j', tags: JSON.stringify(tags) };
}
