export { bypassCache, isCacheBypassed } from './bypass.js';
export { CacheLoadTimeoutError } from './cache.errors.js';
export {
  cacheDiscardChannel,
  cacheFeedChannel,
  cacheInvalidationChannel,
  cacheLoadChannel,
  cacheLookupChannel,
  cacheMemoryChannel,
  type CacheDiscardEvent,
  type CacheFeedEvent,
  type CacheInvalidationEvent,
  type CacheLoadEvent,
  type CacheLookupEvent,
  type CacheMemoryEvent,
  type CacheOutcome,
  type DiscardReason,
} from './cache.events.js';
export { Cache, type CacheSetOptions } from './cache.js';
export { CacheModule } from './cache.module.js';
export { type CacheEntryOptions, type CacheModuleOptions } from './cache.options.js';
export { CacheRuntime, openCache } from './cache.runtime.js';
export { CACHE_GROUP, CACHE_MANAGER } from './cache.tokens.js';
export { HttpCacheInterceptor } from './http/http-cache.interceptor.js';
export { HttpCache, type HttpCacheOptions } from './http/http-cache.options.js';
export { SharedResponse, sharedPaths } from './http/shared-response.js';
export { type CacheFactory, type CacheLookup } from './load/loader.js';
export {
  Cacheable,
  CacheEvict,
  CachePut,
  type CacheEvictOptions,
  type CacheMethodOptions,
} from './methods/cache-method.decorators.js';
