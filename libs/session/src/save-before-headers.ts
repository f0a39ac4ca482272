import { markDegraded } from '@trivet/redis';
import type { NextFunction, Request, Response } from 'express';
import { becomeGuest } from './guest-session.js';
import { isOutage } from './records/session-records.js';
import type { SessionStore } from './session.store.js';
import { SESSION_GROUP } from './session.tokens.js';

/**
 * Saves a changed session before the answer's headers leave, so that no cookie promises what Redis does not hold.
 * express-session saves after them; it then finds nothing left to do. What cannot be kept at all, such as a BigInt, is an error of
 * the handler that wrote it, and leaves the session as it was.
 */
export function saveBeforeHeaders(
  request: Request,
  response: Response,
  next: NextFunction,
  store: SessionStore,
): void {
  const end = response.end.bind(response) as (...args: unknown[]) => Response;
  const refuse = (error: unknown) => {
    becomeGuest(request);
    next(error);
  };
  response.end = ((...args: unknown[]) => {
    response.end = end as Response['end'];
    let due: boolean;
    try {
      due = isDue(request, response, store);
    } catch (error) {
      refuse(error);
      return response;
    }
    if (!due) return end(...args);
    save(request, store)
      .then(() => end(...args))
      .catch(refuse);
    return response;
  }) as Response['end'];
}

function isDue({ session, sessionID }: Request, { headersSent }: Response, store: SessionStore): boolean {
  return !headersSent && typeof sessionID === 'string' && Boolean(session) && store.isChanged(session);
}

async function save(request: Request, store: SessionStore): Promise<void> {
  const { session } = request;
  try {
    if ((await store.save(request.sessionID, session)) === 'gone') becomeGuest(request);
  } catch (error) {
    if (!isOutage(error)) throw error;
    markDegraded(SESSION_GROUP);
    // A visitor's first session is not there: no cookie for it. One that is there has only missed this change.
    if (store.holds(session)) store.giveUp(session);
    else becomeGuest(request);
  }
}
