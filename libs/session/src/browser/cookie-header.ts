/*
 * Parsers make an object of a `Cookie` header, and so hide that a name came twice: a browser sends cookies of the same name for
 * other paths and domains along, and does not say which is which. Here each is kept, in the order in which it was sent.
 */

/** The values that one name has in a request. Asked for several times in each, so only what may bear the name is looked into. */
export function valuesOf(header: string | undefined, name: string): readonly string[] {
  if (!header?.includes(name)) return [];
  return header
    .split(';')
    .filter((pair) => pair.includes(name))
    .map(toCookie)
    .filter((cookie) => cookie.name === name)
    .map(({ value }) => value);
}

/** A `Cookie` header without some of its names; undefined when nothing is left. */
export function withoutCookies(header = '', names: ReadonlySet<string>): string | undefined {
  const left = header
    .split(';')
    .filter((pair) => pair.trim() !== '')
    .map(toCookie)
    .filter(({ name }) => !names.has(name));
  return left.length > 0 ? left.map(({ name, value }) => `${name}=${value}`).join('; ') : undefined;
}

function toCookie(pair: string): { readonly name: string; readonly value: string } {
  const end = pair.indexOf('=');
  return end < 0
    ? { name: pair.trim(), value: '' }
    : { name: pair.slice(0, end).trim(), value: pair.slice(end + 1).trim() };
}
