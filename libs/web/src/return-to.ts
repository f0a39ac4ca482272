import type { Links } from '@trivet/ui';

/**
 * Where a sign-in leads back to: a page of one of the apps, as an absolute address. Anything else, another site above
 * all, becomes the dashboard's first page.
 */
export function safeReturnTo(target: unknown, links: Links): string {
  const home = `${links.dashboard}/`;
  if (typeof target !== 'string' || !URL.canParse(target, home)) return home;
  const url = new URL(target, home);
  const isOurs = Object.values(links).some((link) => new URL(link).origin === url.origin);
  return isOurs && !url.username && !url.password ? url.href : home;
}

/** The same for a form that leads back within its own app: a path, never another origin. */
export function safePath(target: unknown, fallback: string): string {
  const origin = 'http://self.invalid';
  if (typeof target !== 'string' || !target.startsWith('/') || !URL.canParse(target, origin)) return fallback;
  const url = new URL(target, origin);
  return url.origin === origin ? url.pathname + url.search : fallback;
}
