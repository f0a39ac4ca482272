import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { Request } from 'express';
import type { CacheEntryOptions } from '../cache.options.js';
import { HttpCacheInterceptor } from './http-cache.interceptor.js';
import { HTTP_CACHE } from './http-cache.tokens.js';

/** How the answers of a route are cached. */
export interface HttpCacheOptions extends Pick<
  CacheEntryOptions,
  'ttlSeconds' | 'graceSeconds' | 'backOffSeconds' | 'jitter'
> {
  /** What `Cache.deleteByTag` can take the answer away by. @default [] */
  readonly tags?: readonly string[] | ((request: Request) => readonly string[]);
  /** Query parameters that make a difference; others are ignored. @default all do */
  readonly query?: readonly string[];
}

/** Caches a route's answers to GET and HEAD, where that is safe. */
export const HttpCache = (options: HttpCacheOptions = {}): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(HTTP_CACHE, options), UseInterceptors(HttpCacheInterceptor));
