import { ConfigurableModuleBuilder, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { getRedisToken, InjectRedis, openGuardedRedis, type GuardedRedis } from '@trivet/redis';
import { createCache, type Cache as CacheManager } from 'cache-manager';
import { Keyv } from 'keyv';
import { CacheFailSoftInterceptor } from './cache.fail-soft.interceptor.js';
import { resolveCacheOptions, type CacheModuleOptions, type ResolvedCacheOptions } from './cache.options.js';
import { Cache } from './cache.service.js';
import { CACHE_GROUP, CACHE_MANAGER } from './cache.tokens.js';
import { GuardedKeyvStore } from './guarded-keyv-store.js';
import { readableOrAbsent } from './serialization.js';

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
    provide: CACHE_MANAGER,
    inject: [REDIS, RESOLVED_CACHE_OPTIONS],
    useFactory: (redis: GuardedRedis, { namespace, ttlSeconds }: ResolvedCacheOptions) =>
      createCache({
        ttl: ttlSeconds * 1000,
        stores: [
          // Keyv hands its own namespace on to the store, which writes the prefix.
          new Keyv({
            store: new GuardedKeyvStore(redis),
            namespace,
            useKeyPrefix: false,
            ...readableOrAbsent,
          }),
        ],
      }),
  },
  {
    provide: Cache,
    inject: [CACHE_MANAGER, REDIS, RESOLVED_CACHE_OPTIONS],
    useFactory: (manager: CacheManager, redis: GuardedRedis, options: ResolvedCacheOptions) =>
      new Cache(manager, redis, options),
  },
  { provide: APP_INTERCEPTOR, useClass: CacheFailSoftInterceptor },
];

/** A cache on its own Redis whose loss costs milliseconds. Import it once, with `forRoot` or `forRootAsync`. */
@Module({ providers, exports: [Cache, CACHE_MANAGER, REDIS] })
export class CacheModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(@InjectRedis(CACHE_GROUP) private readonly redis: GuardedRedis) {
    super();
  }

  onApplicationShutdown(): void {
    this.redis.close();
  }
}
