import { z } from 'zod';
import type { Opened, Seal, SealFailure } from '../seal/seal.js';
import type { SessionIdentity } from '../session-record.js';

/**
 * What a browser keeps of its session: whose it is and since when, never what that person may do. It is read only while the session
 * Redis cannot answer, or has lost the session.
 */
export interface Snapshot {
  /** Hash of the id of the one session that this is a snapshot of. */
  readonly sidHash: string;
  readonly identity: SessionIdentity;
  /** The record's version. */
  readonly version: number;
  /** When the session Redis last confirmed the session, milliseconds since the epoch; a sign-in without Redis counts as one. */
  readonly verifiedAt: number;
  /** Whether Redis has never held the session, because it was away at the sign-in. */
  readonly provisional: boolean;
}

/** Why a text is no snapshot. `unknown-version`: a newer version of the library wrote it. */
export type SnapshotFailure = SealFailure | 'unknown-version';

/** What came of reading a snapshot. */
export type ReadSnapshot =
  | { readonly ok: true; readonly snapshot: Snapshot; readonly outdated: boolean }
  | { readonly ok: false; readonly reason: SnapshotFailure };

/** Name and value of a cookie together: browsers take 4096 bytes, and proxies 8 KB for all headers. */
const mostCharacters = 3584;

// Short names: the snapshot travels with every request. New fields are optional; what must be understood raises the version.
const schema = z.object({
  v: z.literal(1),
  s: z.string(),
  u: z.string(),
  d: z.string(),
  l: z.string(),
  a: z.string(),
  t: z.number(),
  c: z.string(),
  n: z.number(),
  h: z.number(),
  p: z.literal(1).optional(),
});

/** Seals snapshots into the continuity cookie, and reads them out of it. */
export class SnapshotSeal {
  /** What the seal has opened before, it gives out again. */
  readonly #read = new WeakMap<Opened, ReadSnapshot>();

  constructor(
    private readonly seal: Seal,
    private readonly cookieName: string,
  ) {}

  /** @returns the cookie's value; `undefined` when it would be too large for a cookie. */
  write({ sidHash, identity, version, verifiedAt, provisional }: Snapshot): string | undefined {
    const { userId, deviceId, deviceLabel, app, startedAt, csrfToken } = identity;
    const fields: z.input<typeof schema> = {
      ...{ v: 1, s: sidHash, u: userId, d: deviceId, l: deviceLabel, a: app, t: startedAt, c: csrfToken },
      ...{ n: version, h: verifiedAt, ...(provisional ? { p: 1 } : {}) },
    };
    const value = this.seal.seal(JSON.stringify(fields), this.cookieName);
    return this.cookieName.length + value.length <= mostCharacters ? value : undefined;
  }

  read(value: string): ReadSnapshot {
    const opened = this.seal.open(value, this.cookieName);
    if (!opened.ok) return opened;
    const read = this.#read.get(opened) ?? this.#parse(opened);
    this.#read.set(opened, read);
    return read;
  }

  #parse(opened: Opened & { readonly ok: true }): ReadSnapshot {
    const { data } = schema.safeParse(JSON.parse(opened.plain));
    if (!data) return { ok: false, reason: 'unknown-version' };
    const { u: userId, d: deviceId, l: deviceLabel, a: app, t: startedAt, c: csrfToken } = data;
    const snapshot = {
      ...{ sidHash: data.s, version: data.n, verifiedAt: data.h, provisional: data.p === 1 },
      identity: { userId, deviceId, deviceLabel, app, startedAt, csrfToken },
    };
    return { ok: true, snapshot, outdated: opened.outdated };
  }
}
