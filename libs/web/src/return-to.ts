import type { Links } from '@trivet/ui';

/**
 * Where a sign-in leads back to: a page of one of the apps, as an absolute address. Anything else, another site above
 * all, becomes the dashboard's first page.
 */
export function safeReturnTo(target: unknown, links: Links): string {
  const home = `${links.dashboard}/`;
  if (typeof target !== 'string' || !URL.canParse(target, home)) return home;
  // Not by the origin: that of `blob:https://…` is ours too. User info, too, stands between scheme and host.
  const { href } = new URL(target, home);
  return Object.values(links).some((link) => href.startsWith(`${link}/`)) ? href : home;
}

/** The same for a form that leads back within its own app: a path, never another origin. */
export function safePath(target: unknown, fallback: string): string {
  const origin = 'http://self.invalid';
  if (typeof target !== 'string' || !target.startsWith('/') || !URL.canParse(target, origin)) return fallback;
  const url = new URL(target, origin);
  // `/..//evil.test` stays on this origin, but only until a browser reads the path `//evil.test` by itself.
  const isOurs = url.origin === origin && !url.pathname.startsWith('//');
  return isOurs ? url.pathname + url.search : fallback;
}
