import type { Redis } from 'ioredis';

/** Resolves with the next such event. Node's own `once` would reject with an `error` on the way, and refusals are part of it. */
export const next = (redis: Redis, event: string): Promise<unknown> =>
  new Promise((resolve) => redis.once(event, resolve));
