export { bypassCache, isCacheBypassed } from './bypass.js';
export { CacheModule } from './cache.module.js';
export { type CacheModuleOptions } from './cache.options.js';
export {
  Cache,
  cacheLookupChannel,
  type CacheEntryOptions,
  type CacheLookup,
  type CacheLookupEvent,
  type CacheOutcome,
} from './cache.service.js';
export { CACHE_GROUP, CACHE_MANAGER } from './cache.tokens.js';
export { SharedResponse } from './http/shared-response.js';
