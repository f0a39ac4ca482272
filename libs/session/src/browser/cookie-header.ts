/** One `name=value` of a `Cookie` header, as it was sent. */
export interface SentCookie {
  readonly name: string;
  readonly value: string;
}

/**
 * The cookies of a request in the order they were sent. Parsers make an object of them, and so hide that a name came
 * twice: a browser sends cookies of the same name for other paths and domains along, and does not say which is which.
 */
export function sentCookies(header = ''): readonly SentCookie[] {
  return header
    .split(';')
    .filter((pair) => pair.trim() !== '')
    .map(toCookie);
}

/** The values that one name has in a request. Asked for several times in each, so only what may bear the name is looked into. */
export function valuesOf(header: string | undefined, name: string): readonly string[] {
  if (!header?.includes(name)) return [];
  const candidates = header.split(';').filter((pair) => pair.includes(name));
  return candidates.map(toCookie).flatMap((cookie) => (cookie.name === name ? [cookie.value] : []));
}

function toCookie(pair: string): SentCookie {
  const end = pair.indexOf('=');
  return end < 0
    ? { name: pair.trim(), value: '' }
    : { name: pair.slice(0, end).trim(), value: pair.slice(end + 1).trim() };
}

/** A `Cookie` header without some of its names; undefined when nothing is left. */
export function withoutCookies(header: string | undefined, names: ReadonlySet<string>): string | undefined {
  const left = sentCookies(header).filter(({ name }) => !names.has(name));
  return left.length > 0 ? left.map(({ name, value }) => `${name}=${value}`).join('; ') : undefined;
}
