/** The group's name in errors, metrics and `X-Degraded`. */
export const CACHE_GROUP = 'cache';

/** The token under which existing code injects cache-manager; the same as @nestjs/cache-manager's. */
export const CACHE_MANAGER = 'CACHE_MANAGER';
