import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** How one group's Redis is reached and how patient its callers are. */
export interface RedisGroupOptions {
  /** `redis://`, `rediss://`, `redis-sentinel://` or `rediss-sentinel://`. */
  readonly url: string;
  /** PEM text of the authority that signed a `rediss` server. @default the system's authorities */
  readonly ca?: string;
  /**
   * Where {@link ReplicaReads} finds the group's replicas: their URLs, or one Sentinel URL for all that the Sentinels name.
   * @default none, or `url` itself when that is a Sentinel URL
   */
  readonly replicaUrls?: readonly string[];
  /** How long a call waits for its answer, milliseconds. @default 100 */
  readonly deadlineMs?: number;
  /** How long a connection attempt, handshake included, may take, milliseconds. @default 1000 */
  readonly connectTimeoutMs?: number;
  /** Calls in a row without an answer that open the breaker. @default 3 */
  readonly deadlinesToOpen?: number;
  /** Pause between probes while the group is away, milliseconds, jittered by a quarter. @default 200 */
  readonly probeIntervalMs?: number;
  /** Pause between health checks while the group is well, milliseconds, jittered by a quarter. @default 1000 */
  readonly healthIntervalMs?: number;
  /** How long the boot waits for the first connection before it goes on without, milliseconds. @default 200 */
  readonly bootWaitMs?: number;
}

/** {@link RedisGroupOptions} with a name, for an app's own group. */
export interface RedisModuleOptions extends RedisGroupOptions {
  /** The group's name in logs, metrics, errors and `X-Degraded`. */
  readonly group: string;
  /** What is connected to. Replicas are only read from, and belong to {@link ReplicaReads}. @default 'master' */
  readonly role?: 'master' | 'replica';
}

const milliseconds = z.number().int().positive();

const groupOptions = z.object({
  group: z.string().min(1),
  url: z.string().min(1),
  role: z.enum(['master', 'replica']).default('master'),
  ca: z.string().optional(),
  replicaUrls: z.array(z.string().min(1)).optional(),
  deadlineMs: milliseconds.default(100),
  connectTimeoutMs: milliseconds.default(1000),
  deadlinesToOpen: milliseconds.default(3),
  probeIntervalMs: milliseconds.default(200),
  healthIntervalMs: milliseconds.default(1000),
  bootWaitMs: z.number().int().nonnegative().default(200),
});

/** Options with every default filled in. */
export type ResolvedRedisOptions = z.output<typeof groupOptions>;

/** Checks options at boot. @throws {TypeError} naming the field, what was expected and what was given. */
export function resolveRedisOptions(options: RedisModuleOptions): ResolvedRedisOptions {
  const result = groupOptions.safeParse(options);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new TypeError(`Redis group options: \`${issue?.path.join('.')}\`: ${issue?.message}`);
}

/** A group's options from its variables: its URL and, for `rediss`, the file that holds the authority's PEM text. */
export function redisGroup(url: string, caFile?: string): RedisGroupOptions {
  return { url, ...(caFile ? { ca: readFileSync(caFile, 'utf8') } : {}) };
}
