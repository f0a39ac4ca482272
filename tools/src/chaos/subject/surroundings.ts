import { type RedisUrls } from '../../platform/stores.js';

/** What a platform under test is given. */
export interface Surroundings {
  readonly redisUrls: RedisUrls;
  /** Migrated, with the demo accounts. */
  readonly databaseUrl: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}
