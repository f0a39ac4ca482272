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

const head = /^(\S+) (\d+) ([jz]) (\S+) (\[.*\])$/;
const newline = 10;

/**
 * One line of head, then the payload: `id freshUntil j|z version.version ["tag"]`. The scripts write the same.
 *
 * @returns `undefined` for anything else
 */
export function readEnvelope(bytes: Buffer): Envelope | undefined {
  const end = bytes.indexOf(newline);
  const match = end > 0 ? head.exec(bytes.toString('utf8', 0, end)) : null;
  if (!match) return undefined;
  const [, id = '', freshUntil, encoding, versions = '', list = ''] = match;
  const tags = tagsIn(list);
  if (!tags) return undefined;
  return {
    id,
    freshUntil: Number(freshUntil),
    versions,
    tags,
    payload: encoding === 'z' ? bytes.subarray(end + 1) : bytes.toString('utf8', end + 1),
  };
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

/** The head's part that the client writes, behind the id and the time: encoding and tags. */
export function headOf(isCompressed: boolean, tags: readonly string[]) {
  return { encoding: isCompressed ? 'z' : 'j', tags: JSON.stringify(tags) };
}
