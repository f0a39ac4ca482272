/** From when on a user's sessions count. */
export interface SubjectStanding {
  /** Sessions that started at or before this moment are over, milliseconds since the epoch; 0 when none are. */
  readonly sessionsNotBefore: number;
  /** The one device whose session is spared: the one on which the password was changed. */
  readonly sparedDeviceId?: string;
}

/**
 * What the app's own database says about a user. It is asked when the session Redis cannot be, so that a password change or a
 * deleted account counts even then; what a user may do is never taken from a cookie. Optional; an app provides it as a global provider.
 */
export abstract class SubjectSource {
  /** @returns `undefined` when there is no such user any more. */
  abstract standingOf(userId: string): Promise<SubjectStanding | undefined>;
}
