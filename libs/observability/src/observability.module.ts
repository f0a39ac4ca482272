import { Module, type DynamicModule } from '@nestjs/common';
import { getRedisToken, type GuardedRedis } from '@trivet/redis';
import { HealthController } from './health.controller.js';
import { ManagementServer } from './management-server.js';
import { Metrics } from './metrics.js';
import type { ObservabilityOptions } from './observability.options.js';
import { OBSERVABILITY_OPTIONS, REDIS_GROUPS } from './observability.tokens.js';
import { Readiness } from './readiness.js';

/** {@link ObservabilityOptions}, and the names of the groups to watch; their modules are imported elsewhere. */
export interface ObservabilityModuleOptions extends ObservabilityOptions {
  readonly groups: readonly string[];
}

/** Health, metrics and the management port of a process. Needs a global `Database`. */
@Module({})
export class ObservabilityModule {
  static forRoot({ groups, ...options }: ObservabilityModuleOptions): DynamicModule {
    return {
      module: ObservabilityModule,
      providers: [
        { provide: OBSERVABILITY_OPTIONS, useValue: options },
        {
          provide: REDIS_GROUPS,
          inject: groups.map(getRedisToken),
          useFactory: (...redis: GuardedRedis[]) => redis,
        },
        Readiness,
        Metrics,
        ManagementServer,
      ],
      controllers: [HealthController],
      exports: [REDIS_GROUPS, Readiness],
    };
  }
}
