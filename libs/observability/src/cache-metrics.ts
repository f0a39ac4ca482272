import type {
  CacheDiscardEvent,
  CacheFeedEvent,
  CacheInvalidationEvent,
  CacheLoadEvent,
  CacheLookupEvent,
  CacheMemoryEvent,
} from '@trivet/cache';
import type { Instruments } from './instruments.js';

/** What the cache answers, what its origins cost, and whether its processes hear of each other. No metric names a key. */
export function measureCache(on: Instruments): void {
  const lookups = on.counter('trivet_cache_lookups_total', 'Cache look-ups by outcome and tier.', [
    'outcome',
    'tier',
  ]);
  const origin = on.histogram('trivet_cache_origin_seconds', 'Time of origin runs.', ['outcome']);
  const discards = on.counter('trivet_cache_discards_total', 'Values not kept or not used, by reason.', [
    'reason',
  ]);
  const invalidations = on.counter('trivet_cache_invalidations_total', 'Invalidations by where they got.', [
    'where',
  ]);
  const gaps = on.counter(
    'trivet_cache_feed_gaps_total',
    'Times that the feed of invalidations was cut.',
    [],
  );
  const entries = on.gauge('trivet_cache_memory_entries', 'Values in memory.', []);
  const bytes = on.gauge('trivet_cache_memory_bytes', 'Size of the values in memory.', []);
  on.fact<CacheLookupEvent>('trivet:cache:lookup', ({ outcome, tier = 'none' }) =>
    lookups.inc({ outcome: outcome.toLowerCase(), tier }),
  );
  on.fact<CacheLoadEvent>('trivet:cache:load', ({ outcome, durationMs }) =>
    origin.observe({ outcome }, durationMs / 1000),
  );
  on.fact<CacheDiscardEvent>('trivet:cache:discard', ({ reason }) => discards.inc({ reason }));
  on.fact<CacheInvalidationEvent>('trivet:cache:invalidation', ({ where }) => invalidations.inc({ where }));
  on.fact<CacheFeedEvent>('trivet:cache:feed', ({ state }) => {
    if (state === 'down') gaps.inc();
  });
  on.fact<CacheMemoryEvent>('trivet:cache:memory', (memory) => {
    entries.set(memory.entries);
    bytes.set(memory.bytes);
  });
}
