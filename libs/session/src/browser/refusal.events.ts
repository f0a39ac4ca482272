import { channel } from 'node:diagnostics_channel';

/**
 * What was refused. `cross-site`: a change that another site or a sibling asked for; `no-token`: a change without the session's
 * token where it was needed; `not-json`: a guest's change that a form could have sent; `doubled-cookie`: the session cookie
 * came more than once; `unconfirmed`: a session that nothing ties to this browser; `ticket`: a hand-off that does not fit.
 */
export type Refusal = 'cross-site' | 'no-token' | 'not-json' | 'doubled-cookie' | 'unconfirmed' | 'ticket';

/** A request, or its session, that the browser side refused; published on `trivet:session:refusal`. */
export interface SessionRefusalEvent {
  readonly app: string;
  readonly refusal: Refusal;
}

/** Facts about refused requests; the message is a {@link SessionRefusalEvent}. */
export const sessionRefusalChannel = channel('trivet:session:refusal');

/** Tells whoever measures or audits. */
export function publishRefusal(app: string, refusal: Refusal): void {
  sessionRefusalChannel.publish({ app, refusal } satisfies SessionRefusalEvent);
}
