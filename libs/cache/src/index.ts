export { bypassCache, isCacheBypassed } from './bypass.js';
export { CacheLoadTimeoutError } from './cache.errors.js';
export {
  cacheDiscardChannel,
  cacheFeedChannel,
  cacheInvalidationChannel,
  cacheLoadChannel,
  cacheLookupChannel,
  type CacheDiscardEvent,
  type CacheFeedEvent,
  type CacheInvalidationEvent,
  type CacheLoadEvent,
  type CacheLookupEvent,
  type CacheOutcome,
  type DiscardReason,
} from './cache.events.js';
export { Cache, type CacheSetOptions } from './cache.js';
export { CacheModule } from './cache.module.js';
export { type CacheEntryOptions, type CacheModuleOptions } from './cache.options.js';
export { CACHE_GROUP, CACHE_MANAGER } from './cache.tokens.js';
export { SharedResponse } from './http/shared-response.js';
export { type CacheFactory, type CacheLookup } from './load/loader.js';
