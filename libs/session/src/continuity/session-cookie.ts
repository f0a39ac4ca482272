import type { Request, Response } from 'express';
import { sign, unsign } from 'cookie-signature';
import { valuesOf } from '../browser/cookie-header.js';
import type { ResolvedSessionOptions } from '../session.options.js';

/** What express-session puts in front of a signed id. */
const prefix = 's:';

/** The session that a request's cookie names. */
export interface PresentedSession {
  readonly sid: string;
  /** Whether a secret has signed it that is to be retired. */
  readonly outdated: boolean;
}

/** What a request's cookie names, if one of our secrets has signed it; also when there is no such session. */
export function presentedSession(
  { headers }: Request,
  { cookieName, cookieSecrets }: ResolvedSessionOptions,
): PresentedSession | undefined {
  const [encoded = ''] = valuesOf(headers.cookie, cookieName);
  const value = decoded(encoded);
  if (!value.startsWith(prefix)) return undefined;
  for (const secret of cookieSecrets) {
    const sid = unsign(value.slice(prefix.length), secret);
    if (sid) return { sid, outdated: secret !== cookieSecrets[0] };
  }
  return undefined;
}

/** Sets a session's cookie anew, as express-session does: it then lives on, and the newest secret has signed it. */
export function renewSessionCookie(response: Response, sid: string, options: ResolvedSessionOptions): void {
  const { cookieName, cookieSecrets, cookieScope, cookieLifeMs } = options;
  const expires = new Date(Date.now() + cookieLifeMs);
  response.cookie(cookieName, prefix + sign(sid, cookieSecrets[0]!), { ...cookieScope, expires });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // Not a cookie of ours, so not signed by us either.
  }
}
