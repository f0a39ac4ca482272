import type { Request } from 'express';
import session from 'express-session';

// Exported by express-session, though its types keep the constructor to themselves.
const GuestSession = session.Session as unknown as new (request: Request, data: object) => Request['session'];

/**
 * Serves the rest of the request as a guest's. Without a session id express-session neither saves nor touches nor
 * sets a cookie, so the visitor's own cookie stays what it is. A sign-in still starts a session.
 */
export function becomeGuest(request: Request): void {
  request.sessionID = undefined as unknown as string;
  request.session = new GuestSession(request, { cookie: new session.Cookie() });
}
