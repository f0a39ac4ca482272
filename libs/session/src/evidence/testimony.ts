/**
 * One piece of evidence that sessions were ended. `session` and `lineage` end one of a user's sessions, by the hash of its id or by
 * what stays when its id is rotated; `user` ends those that a user started before `at`, except the lineage `exempt`; `all` ends
 * everybody's.
 */
export interface Testimony {
  readonly kind: 'session' | 'lineage' | 'user' | 'all';
  /** Hash of the session id, or the lineage; empty for the other two. */
  readonly subject: string;
  /** Hash of the user's id; empty for `all` and for a guest's session. */
  readonly user: string;
  /** The lineage that `user` spares; empty for none. */
  readonly exempt: string;
  /** When it was given, milliseconds since the epoch. */
  readonly at: number;
}

const kinds = new Set<string>(['session', 'lineage', 'user', 'all'] satisfies Testimony['kind'][]);

export const testimony = {
  session: (sidHash: string, user: string, at: number): Testimony => ({
    kind: 'session',
    subject: sidHash,
    user,
    exempt: '',
    at,
  }),
  lineage: (lineage: string, user: string, at: number): Testimony => ({
    kind: 'lineage',
    subject: lineage,
    user,
    exempt: '',
    at,
  }),
  user: (user: string, at: number, exempt = ''): Testimony => ({
    kind: 'user',
    subject: '',
    user,
    exempt,
    at,
  }),
  all: (at: number): Testimony => ({ kind: 'all', subject: '', user: '', exempt: '', at }),
};

/** What two testimonies have in common when they are one and the later of them counts. */
export function identityOf({ kind, subject, user, exempt }: Omit<Testimony, 'at'>): string {
  // Who a session belongs to is known to some of those who end it, and to others not.
  return kind === 'session' ? `session|${subject}` : `${kind}|${subject}|${user}|${exempt}`;
}

/** The form in which testimonies travel and are kept in Redis. No part of one holds a `|`. */
export function encode({ kind, subject, user, exempt, at }: Testimony): string {
  return `${kind}|${subject}|${user}|${exempt}|${at}`;
}

/** @returns `undefined` for a text that is none: a newer version's, or a stranger's on the same channel. */
export function decode(text: string): Testimony | undefined {
  const [kind = '', subject, user, exempt, at, ...rest] = text.split('|');
  if (!kinds.has(kind) || rest.length > 0) return undefined;
  if (subject === undefined || user === undefined || exempt === undefined || !/^\d+$/.test(at ?? ''))
    return undefined;
  return { kind: kind as Testimony['kind'], subject, user, exempt, at: Number(at) };
}
