import { AsyncLocalStorage } from 'node:async_hooks';

const bypassing = new AsyncLocalStorage<true>();

/** Runs `work` with every cache read a miss: straight from the origin. */
export function bypassCache<T>(work: () => T): T {
  return bypassing.run(true, work);
}

/** Whether the work under way goes straight to the origin. */
export function isCacheBypassed(): boolean {
  return bypassing.getStore() === true;
}
