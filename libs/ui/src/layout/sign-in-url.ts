import type { PageContext } from '../page-context.js';

/** Where a guest signs in, with the way back to the page they are on. */
export const signInUrl = ({ app, path, links }: PageContext): string =>
  `${links.dashboard}/login?return_to=${encodeURIComponent(links[app] + path)}`;
