/** Of every account. */
export const PASSWORD = 'correct horse';

const at = (name: string): string => `${name}@trivet.localhost`;

/** They only use the apps: `learner-001` to `learner-050`. */
export const learners: readonly string[] = Array.from({ length: 50 }, (_, index) =>
  at(`learner-${String(index + 1).padStart(3, '0')}`),
);

/** They sign out, revoke, edit and change passwords. */
export const others = {
  leavesDashboard: at('ada'),
  revokes: at('grace'),
  edits: at('root'),
  leavesLearn: at('chaos-leaver'),
  changesPassword: at('chaos-changer'),
} as const;

/** Those that the demo seed does not know. */
export const extraAccounts: readonly string[] = [others.leavesLearn, others.changesPassword];
