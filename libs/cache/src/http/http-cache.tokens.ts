/** Metadata of a route: its {@link HttpCacheOptions}. */
export const HTTP_CACHE = Symbol('HTTP_CACHE');
