import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const longestKey = 200;

/** What a request asks for: host, path, and the query in one order. @param query parameters that count; all by default */
export function answerKey(
  request: IncomingMessage & { originalUrl?: string },
  query?: readonly string[],
): string {
  const url = new URL(request.originalUrl ?? request.url ?? '/', 'http://host');
  for (const name of new Set(url.searchParams.keys())) {
    if (query && !query.includes(name)) url.searchParams.delete(name);
  }
  url.searchParams.sort();
  return short(`http:${request.headers.host ?? ''}${url.pathname}?${url.searchParams.toString()}`);
}

/** The key of one variant: what the request's headers say where the answer depends on them. */
export function variantKey(key: string, request: IncomingMessage, vary: readonly string[]): string {
  if (vary.length === 0) return key;
  return short(`${key} ${JSON.stringify(vary.map((name) => [name, request.headers[name] ?? null]))}`);
}

function short(key: string): string {
  return key.length <= longestKey ? key : `http:${createHash('sha256').update(key).digest('base64url')}`;
}
