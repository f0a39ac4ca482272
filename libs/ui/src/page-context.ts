/** The two sites that share one sign-in and one layout. */
export type AppName = 'dashboard' | 'learn';

/** The groups of Redis a page can be missing. */
export type GroupName = 'session' | 'cache' | 'queue';

/** Absolute address of each site, without a trailing slash. */
export type Links = Readonly<Record<AppName, string>>;

/** A point in time as the code has it, or as JSON does: ISO 8601. */
export type Instant = Date | string;

/** The signed-in person, as `GET /api/me` shows them. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** How far the current sign-in can be trusted, and when it ends. */
export interface SessionInfo {
  readonly mode: 'live' | 'replica' | 'recent' | 'snapshot' | 'reduced';
  readonly idleExpiresAt: Instant;
  readonly absoluteExpiresAt: Instant;
}

/** What a message is about; it decides colour and, for screen readers, urgency. */
export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger';

/** A sentence shown once, after the redirect that follows a form. */
export interface FlashMessage {
  readonly tone: Tone;
  readonly text: string;
}

/** What every page needs to know about the request it answers. */
export interface PageContext {
  readonly app: AppName;
  /** Path and query of this page inside its app, such as `/lessons/what-a-session-is`. */
  readonly path: string;
  readonly links: Links;
  readonly user: User | undefined;
  /** Goes into every form as `_csrf`. */
  readonly csrfToken: string | undefined;
  /** Groups that are degraded now, as in `X-Degraded`. */
  readonly degraded: readonly string[];
  readonly session: SessionInfo | undefined;
  readonly flash?: readonly FlashMessage[];
  /** When the page is rendered; remaining and elapsed times count from here. */
  readonly now: Date;
}

/** The context of a page that only signed-in people reach. */
export interface SignedInContext extends PageContext {
  readonly user: User;
}
