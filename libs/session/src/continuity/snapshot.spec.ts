import { expect, it } from '@jest/globals';
import { SealKeyRing } from '../seal/key-ring.js';
import { SnapshotSeal, type Snapshot } from './snapshot.js';

const name = '__Secure-_shared_org_continuity';
const ring = (...letters: string[]) => new SealKeyRing(letters.map((letter) => letter.repeat(32)));
const seal = (keys = ring('a'), cookie = name) => new SnapshotSeal(keys.for('snapshot'), cookie);

const snapshot: Snapshot = {
  sidHash: 'k3JZbV0Dq9s3mX5lQd6vLx1yq0V0aN2cT7uE8rWfYhI',
  identity: {
    userId: '0199f0d2-6f3a-7c1e-9d55-0f6a3b1c2d4e',
    deviceId: '1b4e28ba-2fa1-4d3b-883f-0016d3cca427',
    deviceLabel: 'Samsung Internet for Android on Android',
    app: 'dashboard',
    startedAt: 1_795_600_000_000,
    csrfToken: 'q'.repeat(32),
  },
  version: 12,
  verifiedAt: 1_795_603_600_000,
  provisional: false,
};

it('reads what it wrote', () => {
  for (const written of [snapshot, { ...snapshot, provisional: true }]) {
    const read = seal().read(seal().write(written)!);
    expect(read).toEqual({ ok: true, snapshot: written, outdated: false });
  }
});

it('takes at most 1 KiB of cookie, name included', () => {
  expect(name.length + seal().write(snapshot)!.length).toBeLessThan(1024);
});

it('writes nothing that a browser or a proxy would refuse', () => {
  const identity = { ...snapshot.identity, userId: 'u'.repeat(3000) };
  expect(seal().write({ ...snapshot, identity })).toBeUndefined();
});

it('shows nobody who it is', () => {
  const text = Buffer.from(seal().write(snapshot)!, 'base64url').toString('latin1');
  for (const part of Object.values(snapshot.identity)) expect(text).not.toContain(String(part));
});

it('takes nothing that was sealed for another cookie, such as another environment’s', () => {
  const other = seal(ring('a'), 'other').write(snapshot)!;
  expect(seal().read(other)).toEqual({ ok: false, reason: 'tampered' });
});

it('takes no record for a snapshot', () => {
  const record = ring('a').for('record').seal(JSON.stringify(snapshot), name);
  expect(seal().read(record)).toEqual({ ok: false, reason: 'tampered' });
});

it('leaves alone what a newer version wrote, and takes what it has added to this one', () => {
  const write = (fields: object) => ring('a').for('snapshot').seal(JSON.stringify(fields), name);
  expect(seal().read(write({ v: 2 }))).toEqual({ ok: false, reason: 'unknown-version' });
  const known = { v: 1, s: 's', u: 'u', d: 'd', l: 'l', a: 'a', t: 1, c: 'c', n: 1, h: 1 };
  expect(seal().read(write({ ...known, later: true }))).toMatchObject({ ok: true });
});

it('says when the key that sealed it is to be retired, and when it does not know it', () => {
  const old = seal(ring('a')).write(snapshot)!;
  expect(seal(ring('b', 'a')).read(old)).toMatchObject({ ok: true, outdated: true });
  expect(seal(ring('b')).read(old)).toEqual({ ok: false, reason: 'unknown-key' });
});
