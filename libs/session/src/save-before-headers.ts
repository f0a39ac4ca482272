import { markDegraded } from '@trivet/redis';
import type { Request, Response } from 'express';
import { becomeGuest } from './guest-session.js';
import { isOutage } from './records/session-records.js';
import type { SessionStore } from './session.store.js';
import { SESSION_GROUP } from './session.tokens.js';

/**
 * Saves a changed session before the answer's headers leave, so that no cookie promises what Redis does not hold.
 * express-session saves after them; it then finds nothing left to do.
 */
export function saveBeforeHeaders(request: Request, response: Response, store: SessionStore): void {
  const end = response.end.bind(response) as (...args: unknown[]) => Response;
  response.end = ((...args: unknown[]) => {
    response.end = end as Response['end'];
    const { session, sessionID } = request;
    const isDue =
      !response.headersSent && typeof sessionID === 'string' && session && store.isChanged(session);
    if (!isDue) return end(...args);
    void save(request, store).then(() => end(...args));
    return response;
  }) as Response['end'];
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
