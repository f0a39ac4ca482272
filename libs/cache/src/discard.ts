import { cacheDiscardChannel, type DiscardReason } from './cache.events.js';

/** Tells why a value is not kept, or is of no use. @returns what there is instead of it */
export function discard(reason: DiscardReason): undefined {
  cacheDiscardChannel.publish({ reason });
  return undefined;
}
