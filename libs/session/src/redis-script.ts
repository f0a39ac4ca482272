import type { Redis } from 'ioredis';
import { createHash } from 'node:crypto';

/**
 * A Lua script, sent by its digest and in full only to a server that does not know it: after a restart, a failover or a SCRIPT
 * FLUSH. Scripts of this library build their keys themselves: which ones they need stands in the record that they read, and Redis
 * Cluster, which would have to know them beforehand, is refused at boot.
 */
export class RedisScript {
  readonly #digest: string;

  constructor(private readonly text: string) {
    this.#digest = createHash('sha1').update(text).digest('hex');
  }

  async run(redis: Redis, args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#digest, 0, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(this.text, 0, ...args);
    }
  }
}
