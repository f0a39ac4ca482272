import type { PageContext, SignedInContext, User } from '../page-context.js';

/** A learner whose name is an attack, so that every spec that shows it proves the escaping too. */
export const hostileUser: User = {
  id: '0197f3c2-8d1e-7b44-9d0a-6a1c0e4b2f55',
  email: 'ada@trivet.localhost',
  name: `<script>alert("Ada")</script>`,
  roles: ['learner'],
};

/** The context of a guest on the given page, with whatever the spec is about. */
export const guestContext = (overrides: Partial<PageContext> = {}): PageContext => ({
  app: 'learn',
  path: '/',
  links: { dashboard: 'http://dashboard.trivet.localhost:3001', learn: 'http://learn.trivet.localhost:3002' },
  user: undefined,
  csrfToken: 'token-of-this-request',
  degraded: [],
  session: undefined,
  now: new Date('2026-07-14T09:30:00Z'),
  ...overrides,
});

/** The context of a signed-in learner, with whatever the spec is about. */
export const signedInContext = (overrides: Partial<SignedInContext> = {}): SignedInContext => ({
  ...guestContext(),
  user: hostileUser,
  session: {
    mode: 'live',
    idleExpiresAt: '2026-07-14T13:28:00Z',
    absoluteExpiresAt: '2026-07-14T20:20:00Z',
  },
  ...overrides,
});
