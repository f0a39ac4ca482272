import Bowser from 'bowser';

/** One signed-in session of a user, as the user sees it. */
export interface Device {
  readonly id: string;
  /** Such as `Firefox on Linux`; made from the browser's own description. */
  readonly label: string;
  /** The app it signed in on. */
  readonly app: string;
  /** Whether it is the one that asks. */
  readonly current: boolean;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

/** A short label for a `User-Agent` header. */
export function deviceLabel(userAgent: string | undefined): string {
  if (!userAgent) return 'Unknown device';
  const parsed = Bowser.parse(userAgent);
  const browser = parsed.browser.name || (userAgent.split('/')[0] ?? '').slice(0, 40);
  return parsed.os.name ? `${browser} on ${parsed.os.name}` : browser;
}
