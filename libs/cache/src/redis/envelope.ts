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

const newline = 10;

/**
 * One line of head, then the payload: `id freshUntil j|z version.version ["tag"]`. The scripts write the same.
 *
 * @returns `undefined` for anything else
 */
export function readEnvelope(bytes: Buffer): Envelope | undefined {
  const end = bytes.indexOf(newline);
  const head = bytes.toString('utf8', 0, Math.max(end, 0));
  // By its spaces, which costs less than a regular expression: every hit does this.
  const afterId = head.indexOf(' ');
  const afterTime = head.indexOf(' ', afterId + 1);
  const afterEncoding = head.indexOf(' ', afterTime + 1);
  const afterVersions = head.indexOf(' ', afterEncoding + 1);
  const freshUntil = Number(head.slice(afterId + 1, afterTime));
  const encoding = head.slice(afterTime + 1, afterEncoding);
  const tags = tagsIn(head.slice(afterVersions + 1));
  if (!(freshUntil > 0) || (encoding !== 'j' && encoding !== 'z') || !tags) return undefined;
  return {
    id: head.slice(0, afterId),
    freshUntil,
    versions: head.slice(afterEncoding + 1, afterVersions),
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
