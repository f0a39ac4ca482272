import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EvidenceSet, type Accused } from './evidence-set.js';
import { decode, encode, testimony, type Testimony } from './testimony.js';

const name = fc.constantFrom('a', 'b', 'c');
const at = fc.integer({ min: 1, max: 20 });
const item: fc.Arbitrary<Testimony> = fc.oneof(
  fc.record({ s: name, u: name, at }).map(({ s, u, at }) => testimony.session(s, u, at)),
  fc.record({ l: name, u: name, at }).map(({ l, u, at }) => testimony.lineage(l, u, at)),
  fc
    .record({ u: name, at, l: fc.oneof(name, fc.constant('')) })
    .map(({ u, at, l }) => testimony.user(u, at, l)),
  at.map((at) => testimony.all(at)),
);
const accused: fc.Arbitrary<Accused> = fc.record({
  sidHash: name,
  userHash: name,
  lineage: name,
  startedAt: at,
});

/** What it means to be condemned, in one line per kind. */
function isCondemned(
  items: readonly Testimony[],
  { sidHash, userHash, lineage, startedAt }: Accused,
): boolean {
  return items.some(
    ({ kind, subject, user, exempt, at }) =>
      (kind === 'session' && subject === sidHash) ||
      (kind === 'lineage' && subject === lineage && user === userHash) ||
      (kind === 'user' && user === userHash && startedAt <= at && exempt !== lineage) ||
      (kind === 'all' && startedAt <= at),
  );
}

const setOf = (items: readonly Testimony[], most = 1000) => {
  const set = new EvidenceSet(most);
  for (const testified of items) set.add(testified);
  return set;
};

it('condemns exactly whom its testimonies speak against, in whatever order and however often they come', () => {
  fc.assert(
    fc.property(fc.array(item), fc.array(item), accused, (items, more, session) => {
      const set = setOf([...items, ...more, ...items.toReversed()]);
      expect(set.condemns(session)).toBe(isCondemned([...items, ...more], session));
    }),
  );
});

it('travels as text and comes back as it was', () => {
  fc.assert(fc.property(item, (testified) => expect(decode(encode(testified))).toEqual(testified)));
});

it('takes a text that is no testimony as none', () => {
  for (const text of ['', 'x', 'user|a', 'nonsense|a|b|c|1', 'all||||', 'all||||1|2', 'all||||x'])
    expect(decode(text)).toBeUndefined();
});

it('spares a session that starts after everything that is known about its user', () => {
  fc.assert(
    fc.property(fc.array(item), accused, (items, session) => {
      const set = setOf(items);
      const startedAt = set.notBefore(session.userHash) + 1;
      expect(set.condemns({ ...session, sidHash: 'new', lineage: 'new', startedAt })).toBe(false);
    }),
  );
});

describe('beyond its bound', () => {
  const logout = (i: number, user: string) => testimony.session(`sid-${i}`, user, 100 + i);
  const session = (user: string, startedAt: number, sidHash = 'other'): Accused => ({
    ...{ sidHash, userHash: user, lineage: 'l', startedAt },
  });

  it('ends more than was asked, and never less', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 8 }), accused, (items, session) => {
        const bounded = setOf(items, 4);
        // What it says of a session is for one that lives: it started before it was ended.
        const living = { ...session, startedAt: 1 };
        if (isCondemned(items, living)) expect(bounded.condemns(living)).toBe(true);
      }),
    );
  });

  it('makes of too many ended sessions an end of their users’ sessions, and holds fewer', () => {
    const set = setOf(
      Array.from({ length: 11 }, (_, i) => logout(i, 'ada')),
      10,
    );
    expect(set.isEscalated).toBe(true);
    expect(set.size).toBeLessThanOrEqual(10);
    expect(set.condemns(session('ada', 50))).toBe(true);
    expect(set.condemns(session('grace', 50))).toBe(false);
    expect(set.condemns(session('ada', 200))).toBe(false);
  });

  it('makes of too many ended users an end of everybody’s sessions', () => {
    const set = setOf(
      Array.from({ length: 11 }, (_, i) => logout(i, `user-${i}`)),
      10,
    );
    expect(set.condemns(session('somebody else', 50))).toBe(true);
    expect(set.condemns(session('somebody else', 200))).toBe(false);
  });

  it('does not condemn by what the bound made coarse where Redis has judged as well', () => {
    const set = setOf(
      Array.from({ length: 11 }, (_, i) => logout(i, 'ada')),
      10,
    );
    expect(set.condemnsPrecisely(session('ada', 50))).toBe(false);
  });

  it('forgets what speaks against no session that could still live', () => {
    const set = setOf([logout(1, 'ada'), testimony.user('grace', 150), testimony.user('root', 300)]);
    set.prune(200);
    expect(set.size).toBe(1);
    expect(set.condemns(session('grace', 1))).toBe(false);
    expect(set.condemns(session('root', 1))).toBe(true);
  });
});
