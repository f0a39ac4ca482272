import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** Bodies that are longer are passed through. */
const maxBodyBytes = 1024 * 1024;

/** `request.user` is where Passport and most guards put who asks. */
type MaybeAuthenticated = IncomingMessage & { readonly user?: unknown };

/** Whether the answer may come from a cache, or go into one, as far as the request tells. */
export function isCacheableRequest(request: IncomingMessage, isShared: boolean): boolean {
  const { method, headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (headers.range !== undefined || directives(headers['cache-control']).has('no-store')) return false;
  return isShared || !isPersonal(request);
}

/** Whether an answer may be given to others. */
export function isStorable(status: number, headers: OutgoingHttpHeaders, body: Buffer): boolean {
  if (status !== 200 || body.length > maxBodyBytes || headers['set-cookie'] !== undefined) return false;
  const control = directives(headers['cache-control']);
  if (['no-store', 'private', 'no-cache'].some((directive) => control.has(directive))) return false;
  const vary = varyNames(headers);
  if (vary.includes('*') || vary.includes('cookie') || vary.includes('authorization')) return false;
  return !String(headers['content-type'] ?? '').startsWith('text/event-stream');
}

/** The request headers that an answer says it depends on, in small letters. */
export function varyNames(headers: OutgoingHttpHeaders): string[] {
  return listOf(headers.vary).sort();
}

function isPersonal(request: MaybeAuthenticated): boolean {
  const { authorization, cookie } = request.headers;
  return authorization !== undefined || cookie !== undefined || Boolean(request.user);
}

function directives(value: OutgoingHttpHeaders[string]): Set<string> {
  return new Set(listOf(value).map((directive) => directive.split('=')[0] ?? ''));
}

function listOf(value: OutgoingHttpHeaders[string]): string[] {
  const items = String(value ?? '').split(',');
  return items.map((item) => item.trim().toLowerCase()).filter((item) => item !== '');
}
