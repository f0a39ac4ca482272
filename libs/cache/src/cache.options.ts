import type { RedisGroupOptions } from '@trivet/redis';
import { z } from 'zod';

/** How one value is kept; what a call does not say is taken from the module. */
export interface CacheEntryOptions {
  /** Life of a value, seconds. @default 60 */
  readonly ttlSeconds?: number;
  /** How long after its life a value still serves while the origin fails or is slow, seconds. @default 600 */
  readonly graceSeconds?: number;
  /** How long after its life a value is served at once while it is loaded anew behind the scenes, seconds. @default 0 */
  readonly revalidateSeconds?: number;
  /** How long a caller waits for the origin when there is a value to serve instead, milliseconds. @default 500 */
  readonly softTimeoutMs?: number;
  /** How long a caller waits for the origin when there is none, milliseconds. @default 10000 */
  readonly hardTimeoutMs?: number;
  /** How long an origin that failed is left alone while there is a value to serve instead, seconds. @default 5 */
  readonly backOffSeconds?: number;
  /** By what share a life may be cut short, so that values made together do not end together; 0 to 1. @default 0.1 */
  readonly jitter?: number;
}

/** How the cache is kept. */
export interface CacheModuleOptions extends CacheEntryOptions {
  /** The cache group's own Redis. */
  readonly redis: RedisGroupOptions;
  /** Prefix of every key, so that nothing else in the database is touched. @default 'cache' */
  readonly namespace?: string;
  /** How much this process keeps in memory, bytes; 0 for nothing. @default 67108864 (64 MiB) */
  readonly memoryMaxBytes?: number;
  /** For how long memory may show what another process has replaced, when its messages do not arrive, ms. @default 1000 */
  readonly coherenceMs?: number;
  /** How long others wait when the process that loads a value for them dies, milliseconds. @default 2000 */
  readonly leaseMs?: number;
  /** How long a process waits for another one's load before it runs its own, milliseconds. @default 5000 */
  readonly leaseWaitMs?: number;
  /** How long a run of an origin holds its key; after that the next caller runs it again, milliseconds. @default 60000 */
  readonly abandonMs?: number;
  /** Values whose JSON is longer travel compressed, bytes. @default 32768 */
  readonly compressAboveBytes?: number;
  /** Values whose JSON is longer are not kept, bytes. @default 4194304 (4 MiB) */
  readonly maxValueBytes?: number;
}

const seconds = z.number().nonnegative();
const milliseconds = z.number().int().positive();
const bytes = z.number().int().nonnegative();

const entryOptions = z.object({
  ttlSeconds: z.number().positive().default(60),
  graceSeconds: seconds.default(600),
  revalidateSeconds: seconds.default(0),
  softTimeoutMs: z.number().int().nonnegative().default(500),
  hardTimeoutMs: milliseconds.default(10_000),
  backOffSeconds: seconds.default(5),
  jitter: z.number().min(0).max(1).default(0.1),
});

const cacheOptions = entryOptions.extend({
  redis: z.custom<RedisGroupOptions>((value) => typeof value === 'object' && value !== null),
  namespace: z
    .string()
    .regex(/^[\w-]+$/)
    .default('cache'),
  memoryMaxBytes: bytes.default(64 * 1024 * 1024),
  coherenceMs: milliseconds.default(1000),
  leaseMs: milliseconds.default(2000),
  leaseWaitMs: milliseconds.default(5000),
  abandonMs: milliseconds.default(60_000),
  compressAboveBytes: bytes.default(32 * 1024),
  maxValueBytes: bytes.default(4 * 1024 * 1024),
});

/** Options of one value with every default filled in. */
export type ResolvedEntryOptions = Required<CacheEntryOptions>;

/** Options with every default filled in. */
export type ResolvedCacheOptions = z.output<typeof cacheOptions>;

/** Checks options at boot. @throws {TypeError} naming the field and what was expected. */
export function resolveCacheOptions(options: CacheModuleOptions): ResolvedCacheOptions {
  const result = cacheOptions.safeParse(options);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new TypeError(`Cache options: \`${issue?.path.join('.')}\`: ${issue?.message}`);
}
