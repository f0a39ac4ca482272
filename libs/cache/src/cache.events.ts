import { channel } from 'node:diagnostics_channel';

/** Where a looked-up value came from: a cache, the origin, a cache past the value's life, or the origin on request. */
export type CacheOutcome = 'HIT' | 'MISS' | 'STALE' | 'BYPASS';

/** A look-up, published on `trivet:cache:lookup`. */
export interface CacheLookupEvent {
  readonly outcome: CacheOutcome;
  /** Which cache had it; absent when none had. */
  readonly tier?: 'memory' | 'redis';
}

/** A run of an origin, published on `trivet:cache:load` when it ends. */
export interface CacheLoadEvent {
  /** `overtaken`: an invalidation came during the run, so its value was not kept. */
  readonly outcome: 'kept' | 'overtaken' | 'failed';
  readonly durationMs: number;
}

/** Why a value was not kept or not used. */
export type DiscardReason =
  /** What Redis holds under the key is not an entry of ours, or was cut. */
  | 'corrupt'
  /** Larger than `maxValueBytes`. */
  | 'too-large'
  /** Not JSON: a cycle or a bigint. */
  | 'not-serializable';

/** A value that was not kept or not used, published on `trivet:cache:discard`. */
export interface CacheDiscardEvent {
  readonly reason: DiscardReason;
}

/** An invalidation, published on `trivet:cache:invalidation`. */
export interface CacheInvalidationEvent {
  /** `redis`: done there. `remembered`: Redis did not take it, it is made up for later. `heard`: another process did it. */
  readonly where: 'redis' | 'remembered' | 'heard';
}

/** Whether invalidations of other processes arrive, published on `trivet:cache:feed` when that changes. */
export interface CacheFeedEvent {
  readonly state: 'up' | 'down';
}

/** What a process keeps in memory, published on `trivet:cache:memory` every second. */
export interface CacheMemoryEvent {
  readonly entries: number;
  /** As `memoryMaxBytes` counts them. */
  readonly bytes: number;
}

/** Facts about look-ups; the message is a {@link CacheLookupEvent}. */
export const cacheLookupChannel = channel('trivet:cache:lookup');
/** Facts about runs of origins; the message is a {@link CacheLoadEvent}. */
export const cacheLoadChannel = channel('trivet:cache:load');
/** Facts about values left out; the message is a {@link CacheDiscardEvent}. */
export const cacheDiscardChannel = channel('trivet:cache:discard');
/** Facts about invalidations; the message is a {@link CacheInvalidationEvent}. */
export const cacheInvalidationChannel = channel('trivet:cache:invalidation');
/** Facts about the feed of invalidations; the message is a {@link CacheFeedEvent}. */
export const cacheFeedChannel = channel('trivet:cache:feed');
/** Facts about memory; the message is a {@link CacheMemoryEvent}. */
export const cacheMemoryChannel = channel('trivet:cache:memory');
