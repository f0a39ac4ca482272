import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SealKeyRing } from './key-ring.js';

const secret = (letter: string) => letter.repeat(32);
const noon = Date.UTC(2026, 10, 25, 12);
const ring = (letters: string, now = noon) => new SealKeyRing([...letters].map(secret), () => now);

it('opens what it sealed, whatever the text and its context', () => {
  const seal = ring('a').for('record');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
      expect(seal.open(seal.seal(plain, context), context)).toEqual({ ok: true, plain, outdated: false });
    }),
  );
});

it('never seals the same text the same way twice', () => {
  const seal = ring('a').for('record');
  expect(seal.seal('text', 'here')).not.toBe(seal.seal('text', 'here'));
});

it('opens nothing of which a single bit was changed', () => {
  const seal = ring('a').for('snapshot');
  const bytes = Buffer.from(seal.seal('identity', 'cookie'), 'base64url');
  fc.assert(
    fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(seal.open(changed.toString('base64url'), 'cookie').ok).toBe(false);
    }),
  );
});

it.each([
  ['another context', () => ring('a').for('record').open(ring('a').for('record').seal('x', 'one'), 'two')],
  ['another purpose', () => ring('a').for('ticket').open(ring('a').for('binder').seal('x', 'one'), 'one')],
])('takes what was sealed for %s as tampered with', (_what, open) => {
  expect(open()).toEqual({ ok: false, reason: 'tampered' });
});

it('takes a text that was never sealed as malformed', () => {
  const seal = ring('a').for('record');
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      expect(seal.open(text, '')).toEqual({ ok: false, reason: 'malformed' });
    }),
  );
});

describe('with several keys', () => {
  it('seals with the first and opens with all', () => {
    const old = ring('a').for('record').seal('text', '');
    expect(ring('ba').for('record').open(old, '')).toEqual({ ok: true, plain: 'text', outdated: true });
    const fresh = ring('ba').for('record').seal('text', '');
    expect(ring('b').for('record').open(fresh, '')).toMatchObject({ ok: true, outdated: false });
  });

  it('opens a new key’s seals in every process before one seals with it', () => {
    const steps = ['a', 'ab', 'ba', 'b'];
    for (const [i, before] of steps.entries()) {
      const after = steps[i + 1] ?? before;
      for (const [sealing, opening] of [
        [before, after],
        [after, before],
      ] as const) {
        // A key is retired when nothing of it is left to open.
        if (sealing[0] === 'a' && !opening.includes('a')) continue;
        const sealed = ring(sealing).for('record').seal('text', '');
        expect(ring(opening).for('record').open(sealed, '').ok).toBe(true);
      }
    }
  });

  it('knows a text of a key that it does not have from one that was tampered with', () => {
    const sealed = ring('b').for('record').seal('text', '');
    expect(ring('a').for('record').open(sealed, '')).toEqual({ ok: false, reason: 'unknown-key' });
  });

  it('refuses a ring without a key, or with one twice', () => {
    for (const letters of ['', 'aa']) expect(() => ring(letters)).toThrow(/`sealKeys`/);
  });
});

it('seals with another key every day, and opens yesterday’s', () => {
  const yesterday = ring('a').for('record').seal('text', '');
  const today = ring('a', noon + 86_400_000).for('record');
  expect(today.open(yesterday, '')).toMatchObject({ ok: true, outdated: false });
  const moved = Buffer.from(yesterday, 'base64url');
  moved.writeUInt16BE(moved.readUInt16BE(5) + 1, 5);
  expect(today.open(moved.toString('base64url'), '')).toEqual({ ok: false, reason: 'tampered' });
});
