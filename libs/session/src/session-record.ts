import 'express-session';

/** What a signed-in session holds besides express-session's cookie. The app's own data belongs in its database. */
export interface SessionIdentity {
  readonly userId: string;
  /** Public handle of this session in the list of devices; says nothing about the session id. */
  readonly deviceId: string;
  readonly deviceLabel: string;
  /** The app that the user signed in on. */
  readonly app: string;
  /** Sign-in, milliseconds since the epoch; the absolute timeout counts from here. */
  readonly startedAt: number;
  /** Secret of the session's CSRF token. */
  readonly csrfToken: string;
}

declare module 'express-session' {
  interface SessionData {
    /** Present when somebody is signed in. */
    identity?: SessionIdentity;
  }
}
