import type { GroupName, Instant } from '@trivet/ui';

/** How one group of Redis is, as this process sees it. */
export interface GroupState {
  readonly group: GroupName;
  readonly state: 'up' | 'degraded' | 'down';
  readonly since: Instant;
  /** Why it is not up, in a few words. */
  readonly reason?: string;
  /** What its loss means for the people who use the platform. */
  readonly lossMeans: string;
  /** What the platform does meanwhile. */
  readonly meanwhile: string;
}
