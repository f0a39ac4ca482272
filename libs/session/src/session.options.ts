import type { RedisGroupOptions } from '@trivet/redis';
import { z } from 'zod';
import { handoffOptions, type HandoffOptions } from './browser/handoff.options.js';

/** How the shared session is kept. */
export interface SessionModuleOptions {
  /** The session group's own Redis. */
  readonly redis: RedisGroupOptions;
  /** This app's name, as it stands in the list of devices, e.g. `dashboard`. */
  readonly app: string;
  /** This app's public origin, e.g. `https://learn.example.org`; what the CSRF guard takes as its own. */
  readonly publicUrl: string;
  /** The domain whose subdomains share the session, e.g. `example.org`. */
  readonly cookieDomain: string;
  /** Secrets that sign the cookie, newest first; older ones still verify. Each at least 32 characters. */
  readonly cookieSecrets: readonly string[];
  /** Pepper of the Redis keys, so that a dump names no session id. At least 32 characters. */
  readonly keySecret: string;
  /**
   * Secrets that seal records and the continuity cookie; the first seals, all open. A new one goes behind the first, and in front
   * once every process has it. At least 32 characters each.
   */
  readonly sealKeys: readonly string[];
  /** The cookie's name; over https it gets the `__Secure-` prefix. @default '_shared_org_session' */
  readonly cookieName?: string;
  /** The name of the cookie that holds the sealed snapshot; prefixed likewise. @default '_shared_org_continuity' */
  readonly continuityCookieName?: string;
  /**
   * In an outage of the session Redis: how long after its last confirmation a session is served in full, milliseconds; after that it
   * is told that its rights are reduced. @default 15 min
   */
  readonly fullServiceMs?: number;
  /** How long after its last confirmation a session is served at all, milliseconds. @default 4 h, and never more than the idle timeout */
  readonly reducedServiceMs?: number;
  /** A session ends this long after its last request, milliseconds. 2 to 4 hours are advised. @default 4 h */
  readonly idleTimeoutMs?: number;
  /** A session ends this long after its sign-in, whatever happens, milliseconds. @default 12 h */
  readonly absoluteTimeoutMs?: number;
  /** Ties sessions to browsers, and leads from app to app. @default none: a sibling could plant a session of its own */
  readonly handoff?: HandoffOptions;
  /** Sessions a user may have at a time; a sign-in beyond them ends the oldest. @default 25 */
  readonly maxSessionsPerUser?: number;
  /** How often this process asks Redis and PostgreSQL which sessions were ended, milliseconds. @default 1000 */
  readonly evidenceIntervalMs?: number;
  /** Ended sessions this process remembers one by one; beyond it, it ends their users' sessions instead. @default 100000 */
  readonly maxEvidence?: number;
  /**
   * Paths that need no session, in the router's syntax: those answer everybody alike, and cost the session Redis nothing.
   *
   * @default {@link sessionlessPaths}
   */
  readonly exclude?: readonly string[];
}

const hours = 3_600_000;

/** A session is touched, and its cookies are set anew, at most this often, milliseconds. */
export const touchIntervalMs = 60_000;

/** Paths of assets and health checks. */
export const sessionlessPaths: readonly string[] = ['/assets/{*path}', '/health{/*path}'];

const longSecret = z.string().min(32);

const sessionOptions = z.object({
  redis: z.custom<RedisGroupOptions>((value) => typeof value === 'object' && value !== null),
  app: z.string().min(1),
  publicUrl: z.url({ protocol: /^https?$/ }),
  cookieDomain: z.string().min(1),
  cookieSecrets: z.array(longSecret).min(1),
  keySecret: longSecret,
  sealKeys: z.array(longSecret).min(1),
  cookieName: z.string().min(1).default('_shared_org_session'),
  continuityCookieName: z.string().min(1).default('_shared_org_continuity'),
  fullServiceMs: z.number().int().nonnegative().default(900_000),
  reducedServiceMs: z
    .number()
    .int()
    .nonnegative()
    .default(4 * hours),
  idleTimeoutMs: z
    .number()
    .int()
    .positive()
    .default(4 * hours),
  absoluteTimeoutMs: z
    .number()
    .int()
    .positive()
    .default(12 * hours),
  handoff: handoffOptions.optional(),
  maxSessionsPerUser: z.number().int().positive().default(25),
  evidenceIntervalMs: z.number().int().positive().default(1000),
  maxEvidence: z.number().int().positive().default(100_000),
  exclude: z.array(z.string()).default([...sessionlessPaths]),
});

/** Options with every default filled in, and the cookie's settings that follow from them. */
export type ResolvedSessionOptions = z.output<typeof sessionOptions> & {
  readonly secure: boolean;
  /** Where the cookies of the shared session stand. */
  readonly cookieScope: {
    readonly domain: string;
    readonly secure: boolean;
    readonly path: '/';
    readonly httpOnly: true;
    readonly sameSite: 'lax';
  };
  /** As long as the session may idle, and until its cookies are set anew. */
  readonly cookieLifeMs: number;
};

/** Checks options at boot. @throws {TypeError} naming the field and what was expected. */
export function resolveSessionOptions(options: SessionModuleOptions): ResolvedSessionOptions {
  const result = sessionOptions.safeParse(options);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new TypeError(`Session options: \`${issue?.path.join('.')}\`: ${issue?.message}`);
  }
  const secure = result.data.publicUrl.startsWith('https:');
  const prefix = secure ? '__Secure-' : '';
  const { cookieName, cookieDomain: domain, idleTimeoutMs, reducedServiceMs } = result.data;
  return {
    ...result.data,
    secure,
    cookieName: prefix + cookieName,
    continuityCookieName: prefix + result.data.continuityCookieName,
    reducedServiceMs: Math.min(reducedServiceMs, idleTimeoutMs),
    cookieScope: { domain, secure, path: '/', httpOnly: true, sameSite: 'lax' },
    cookieLifeMs: idleTimeoutMs + touchIntervalMs,
  };
}

/** Whether the idle timeout lies in the range that OWASP advises for ordinary apps. */
export function isAdvisedIdleTimeout(idleTimeoutMs: number): boolean {
  return idleTimeoutMs >= 2 * hours && idleTimeoutMs <= 4 * hours;
}
