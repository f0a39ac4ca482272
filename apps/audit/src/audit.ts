import { type Redis } from 'ioredis';
import { AuditError } from './errors.js';
import { scanKeys, type MeasuredKey, type ScanOptions } from './redis/scan.js';
import { parseServerInfo, type ServerInfo } from './redis/server-info.js';
import { type Sum } from './tally/sum.js';
import { Tally } from './tally/tally.js';

type NamedSums = readonly (readonly [name: string, sum: Sum])[];

/** Where the memory of one database goes. */
export interface Audit {
  readonly label: string;
  readonly database: number;
  readonly match: string | undefined;
  readonly server: ServerInfo;
  /** Keys in the database when the walk began; nobody knows how many of them match. */
  readonly expectedKeys: number | undefined;
  readonly seconds: number;
  /** Whether every key was looked at. */
  readonly isComplete: boolean;
  readonly vanished: number;
  readonly total: Sum;
  readonly types: NamedSums;
  readonly patterns: NamedSums;
  /** Keys whose patterns were too many to be held. */
  readonly otherPatterns: Sum;
  readonly expiry: NamedSums;
  readonly topKeys: readonly MeasuredKey[];
}

export interface AuditOptions extends ScanOptions {
  readonly label: string;
  readonly database: number;
  readonly top: number;
  readonly onProgress: (keys: number, expectedKeys: number | undefined) => void;
}

/**
 * Looks at every key once and changes nothing: INFO, then SCAN with TYPE, PTTL and MEMORY USAGE, none of which
 * counts as a use of the key for LRU or LFU.
 */
export async function audit(redis: Redis, options: AuditOptions): Promise<Audit> {
  const startedAt = performance.now();
  const server = parseServerInfo(await redis.info());
  if (server.isLoading)
    throw new AuditError(`Redis at ${options.label} is still loading its data: try again later.`);
  const expectedKeys =
    options.match === undefined ? (server.keysByDatabase[options.database] ?? 0) : undefined;
  const tally = new Tally(options.top);
  const isComplete = await scanKeys(redis, options, (batch) => {
    tally.add(batch);
    options.onProgress(tally.total.keys, expectedKeys);
  });
  return {
    label: options.label,
    database: options.database,
    match: options.match,
    server,
    expectedKeys,
    isComplete,
    vanished: tally.vanished,
    total: tally.total,
    ...tally.finish(),
    seconds: (performance.now() - startedAt) / 1_000,
  };
}
