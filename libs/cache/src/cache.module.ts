import { ConfigurableModuleBuilder, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { getRedisToken, openGuardedRedis, type GuardedRedis } from '@trivet/redis';
import { createCache } from 'cache-manager';
import { CacheFailSoftInterceptor } from './cache.fail-soft.interceptor.js';
import { resolveCacheOptions, type CacheModuleOptions, type ResolvedCacheOptions } from './cache.options.js';
import { CACHE_GROUP, CACHE_MANAGER } from './cache.tokens.js';
import { Cache } from './cache.js';
import { CacheRuntime } from './cache.runtime.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<CacheModuleOptions>()
  .setClassMethodName('forRoot')
  .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
  .build();

const RESOLVED_CACHE_OPTIONS = Symbol('RESOLVED_CACHE_OPTIONS');
const REDIS = getRedisToken(CACHE_GROUP);

const providers: Provider[] = [
  { provide: RESOLVED_CACHE_OPTIONS, inject: [MODULE_OPTIONS_TOKEN], useFactory: resolveCacheOptions },
  {
    provide: REDIS,
    inject: [RESOLVED_CACHE_OPTIONS],
    useFactory: ({ redis }: ResolvedCacheOptions) => openGuardedRedis({ ...redis, group: CACHE_GROUP }),
  },
  {
    provide: CacheRuntime,
    inject: [REDIS, RESOLVED_CACHE_OPTIONS],
    useFactory: (redis: GuardedRedis, options: ResolvedCacheOptions) => new CacheRuntime(redis, options),
  },
  { provide: Cache, inject: [CacheRuntime], useFactory: (runtime: CacheRuntime) => runtime.cache },
  {
    provide: CACHE_MANAGER,
    inject: [CacheRuntime, RESOLVED_CACHE_OPTIONS],
    useFactory: (runtime: CacheRuntime, { ttlSeconds }: ResolvedCacheOptions) =>
      createCache({ ttl: ttlSeconds * 1000, stores: [runtime.keyv()] }),
  },
  { provide: APP_INTERCEPTOR, useClass: CacheFailSoftInterceptor },
];

/** A cache on its own Redis whose loss costs milliseconds. Import it once, with `forRoot` or `forRootAsync`. */
@Module({ providers, exports: [Cache, CACHE_MANAGER, REDIS] })
export class CacheModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(private readonly runtime: CacheRuntime) {
    super();
  }

  onApplicationShutdown(): void {
    this.runtime.close();
  }
}
