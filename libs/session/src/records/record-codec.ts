import type { SessionData } from 'express-session';
import type { SessionIdentity } from '../session-record.js';
import { sessionUnreadableChannel } from '../session.events.js';

/** What seals and opens values; a `Seal` for records. */
export interface RecordSeal {
  seal(plain: string, context: string): string;
  open(sealed: string, context: string): { ok: true; plain: string } | { ok: false; reason: string };
}

/** One key of a session as it was read: its version, and its JSON unless it could not be opened. */
export interface ReadKey {
  readonly version: string;
  readonly json: string | undefined;
}

/** What a session was when it was read, for the next save to compare with. */
export type RecordBase = ReadonlyMap<string, ReadKey>;

/** A record as it was read. */
export interface OpenedRecord {
  readonly data: Omit<SessionData, 'cookie'>;
  readonly base: RecordBase;
  readonly version: number;
}

/** The arguments of a save: number of changed keys, field, version and value of each, field and version of each removed. */
export type RecordChanges = readonly (string | number)[];

const prefix = '.';

/** Turns sessions into the sealed fields of a record, and back. */
export class RecordCodec {
  constructor(private readonly seal: RecordSeal) {}

  /** @param fields names and values in turn, as HGETALL gives them. */
  open(sidHash: string, fields: readonly string[]): OpenedRecord {
    const data: Record<string, unknown> = {};
    const base = new Map<string, ReadKey>();
    let version = 0;
    for (let i = 0; i < fields.length; i += 2) {
      const [field = '', stored = ''] = fields.slice(i, i + 2);
      if (field === 'v') version = Number(stored);
      if (!field.startsWith(prefix)) continue;
      const key = field.slice(prefix.length);
      const read = this.#openKey(sidHash, key, stored);
      base.set(key, read);
      if (read.json !== undefined) data[key] = JSON.parse(read.json);
    }
    return { data, base, version };
  }

  /** A listed record's identity, if it can be read. */
  openIdentity(sidHash: string, stored: string): SessionIdentity | undefined {
    const { json } = this.#openKey(sidHash, 'identity', stored);
    return json === undefined ? undefined : (JSON.parse(json) as SessionIdentity);
  }

  /** Every key, sealed: field and value in turn. */
  sealAll(sidHash: string, session: object): string[] {
    return keysOf(session).flatMap(([key, json]) => [prefix + key, this.#sealKey(sidHash, key, json)]);
  }

  /** Whether {@link RecordCodec.changes} would find something. */
  isChanged(session: object, base: RecordBase): boolean {
    const now = keysOf(session);
    const read = [...base.values()].filter(({ json }) => json !== undefined);
    return now.length !== read.length || now.some(([key, json]) => base.get(key)?.json !== json);
  }

  /** What a session has become since it was read; `undefined` when nothing changed. */
  changes(sidHash: string, session: object, base: RecordBase): RecordChanges | undefined {
    if (!this.isChanged(session, base)) return undefined;
    const now = new Map(keysOf(session));
    const changed = [...now].filter(([key, json]) => base.get(key)?.json !== json);
    // A key that could not be opened was not removed by the one who did not see it.
    const removed = [...base].filter(([key, { json }]) => json !== undefined && !now.has(key));
    return [
      changed.length,
      ...changed.flatMap(([key, json]) => [
        ...[prefix + key, base.get(key)?.version ?? '0'],
        this.#sealKey(sidHash, key, json),
      ]),
      ...removed.flatMap(([key, { version }]) => [prefix + key, version]),
    ];
  }

  /** What others have made of a session since it was read, with what was changed in `session` since. */
  merge(session: object, base: RecordBase, theirs: object): object {
    const now = new Map(keysOf(session));
    const merged: Record<string, unknown> = {};
    for (const key of new Set([...now.keys(), ...base.keys(), ...Object.keys(theirs)])) {
      const source = now.get(key) === base.get(key)?.json ? theirs : session;
      if (key in source) merged[key] = source[key as keyof object];
    }
    return merged;
  }

  /** What the session will be compared with after `version` was written. */
  baseAfter(session: object, base: RecordBase | undefined, version: number): RecordBase {
    const next = new Map([...(base ?? [])].filter(([, { json }]) => json === undefined));
    for (const [key, json] of keysOf(session)) {
      const known = base?.get(key);
      next.set(key, known?.json === json ? known : { version: String(version), json });
    }
    return next;
  }

  #openKey(sidHash: string, key: string, stored: string): ReadKey {
    const [version = '0', sealed = ''] = stored.split(':');
    const opened = this.seal.open(sealed, contextOf(sidHash, key));
    if (opened.ok) return { version, json: opened.plain };
    sessionUnreadableChannel.publish({ reason: opened.reason });
    return { version, json: undefined };
  }

  #sealKey(sidHash: string, key: string, json: string): string {
    return this.seal.seal(json, contextOf(sidHash, key));
  }
}

/** A value opens only under the key and the field that it was sealed for: none can be moved to another session. */
function contextOf(sidHash: string, key: string): string {
  return `sess:record:${sidHash}|${key}`;
}

/** The cookie is not kept: its settings are the config's. */
function keysOf(session: object): [string, string][] {
  return Object.entries(session).flatMap(([key, value]) => {
    const json = key === 'cookie' ? undefined : (JSON.stringify(value) as string | undefined);
    return json === undefined ? [] : [[key, json] as [string, string]];
  });
}
