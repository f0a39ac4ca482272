import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { GuardedRedis, openGuardedRedis } from './guarded-redis.js';
import type { RedisGroupOptions, RedisModuleOptions } from './redis.options.js';

/** The injection token of a group's {@link GuardedRedis}. */
export function getRedisToken(group: string): string {
  return `GuardedRedis:${group}`;
}

/** Injects a group's {@link GuardedRedis}. */
export const InjectRedis = (group: string): ParameterDecorator & PropertyDecorator =>
  Inject(getRedisToken(group));

/** Where a group's options come from when they are not known at import time. */
export interface RedisModuleAsyncOptions {
  readonly group: string;
  readonly imports?: DynamicModule['imports'];
  readonly inject?: (string | symbol | (abstract new (...args: never[]) => unknown))[];
  readonly useFactory: (...args: never[]) => RedisGroupOptions | Promise<RedisGroupOptions>;
}

/** One guarded connection per group. Import it once for each; capabilities bring their own. */
@Module({})
export class RedisModule {
  static forRoot({ group, ...options }: RedisModuleOptions): DynamicModule {
    return RedisModule.forRootAsync({ group, useFactory: () => options });
  }

  static forRootAsync({
    group,
    imports = [],
    inject = [],
    useFactory,
  }: RedisModuleAsyncOptions): DynamicModule {
    const connection: Provider = {
      provide: getRedisToken(group),
      inject,
      useFactory: async (...args: never[]) => openGuardedRedis({ ...(await useFactory(...args)), group }),
    };
    const closer: Provider = {
      provide: RedisCloser,
      inject: [getRedisToken(group)],
      useFactory: (redis: GuardedRedis) => new RedisCloser(redis),
    };
    return { module: RedisModule, imports, providers: [connection, closer], exports: [connection] };
  }
}

/** Ends a group's connections last, when everything that uses them has been shut down. */
class RedisCloser implements OnApplicationShutdown {
  constructor(private readonly redis: GuardedRedis) {}

  onApplicationShutdown(): void {
    this.redis.close();
  }
}
