import type { RedisGroupOptions } from '@trivet/redis';
import { z } from 'zod';

/** How the cache is kept. */
export interface CacheModuleOptions {
  /** The cache group's own Redis. */
  readonly redis: RedisGroupOptions;
  /** Prefix of every key, so that nothing else in the database is touched. @default 'cache' */
  readonly namespace?: string;
  /** How long a value lives when a call does not say, seconds. @default 60 */
  readonly ttlSeconds?: number;
}

const cacheOptions = z.object({
  redis: z.custom<RedisGroupOptions>((value) => typeof value === 'object' && value !== null),
  namespace: z
    .string()
    .regex(/^[\w-]+$/)
    .default('cache'),
  ttlSeconds: z.number().int().positive().default(60),
});

/** Options with every default filled in. */
export type ResolvedCacheOptions = z.output<typeof cacheOptions>;

/** Checks options at boot. @throws {TypeError} naming the field and what was expected. */
export function resolveCacheOptions(options: CacheModuleOptions): ResolvedCacheOptions {
  const result = cacheOptions.safeParse(options);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new TypeError(`Cache options: \`${issue?.path.join('.')}\`: ${issue?.message}`);
}
