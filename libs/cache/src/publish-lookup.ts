import { cacheLookupChannel, type CacheLookupEvent, type CacheOutcome } from './cache.events.js';

/** Tells whoever listens where a value came from. */
export function publishLookup(outcome: CacheOutcome, tier: 'memory' | 'redis' = 'redis'): void {
  if (!cacheLookupChannel.hasSubscribers) return;
  cacheLookupChannel.publish(
    (outcome === 'HIT' ? { outcome, tier } : { outcome }) satisfies CacheLookupEvent,
  );
}
