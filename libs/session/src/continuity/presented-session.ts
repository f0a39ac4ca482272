import type { Request } from 'express';
import { unsign } from 'cookie-signature';
import { valuesOf } from '../browser/cookie-header.js';
import type { ResolvedSessionOptions } from '../session.options.js';

/** What express-session puts in front of a signed id. */
const prefix = 's:';

/** The session id that a request's cookie names, if one of our secrets has signed it; also when there is no such session. */
export function presentedSessionId(
  { headers }: Request,
  { cookieName, cookieSecrets }: ResolvedSessionOptions,
): string | undefined {
  const [encoded = ''] = valuesOf(headers.cookie, cookieName);
  const value = decoded(encoded);
  if (!value.startsWith(prefix)) return undefined;
  for (const secret of cookieSecrets) {
    const sid = unsign(value.slice(prefix.length), secret);
    if (sid) return sid;
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // Not a cookie of ours, so not signed by us either.
  }
}
