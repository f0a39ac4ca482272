import type { GroupName } from './page-context.js';

/** A group in words for the people who read a page. */
export interface GroupWords {
  readonly name: string;
  readonly degraded: string;
  /** What a reader notices meanwhile. */
  readonly notice: string;
}

/** What each group is called, and what its loss means to the person reading a page. */
export const groupWords: Readonly<Record<GroupName, GroupWords>> = {
  session: {
    name: 'Sessions',
    degraded: 'Sessions are degraded.',
    notice:
      'Your sign-in is kept. Passwords and devices can be changed again in a moment, when the session store is back.',
  },
  cache: { name: 'Cache', degraded: 'The cache is degraded.', notice: 'Pages may take a moment longer.' },
  queue: {
    name: 'Background jobs',
    degraded: 'Background jobs are degraded.',
    notice: 'Certificates and notes may arrive later; none is lost.',
  },
};

/** Whether a name from `X-Degraded` is one of the groups. */
export const isGroupName = (name: string): name is GroupName => Object.hasOwn(groupWords, name);
