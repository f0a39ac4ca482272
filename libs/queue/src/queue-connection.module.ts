import { ConfigurableModuleBuilder, Module, type OnApplicationShutdown } from '@nestjs/common';
import {
  getRedisToken,
  InjectRedis,
  openGuardedRedis,
  type GuardedRedis,
  type RedisGroupOptions,
} from '@trivet/redis';
import { QUEUE_GROUP } from './queue.tokens.js';

/** How the queue's Redis is reached. */
export interface QueueConnectionOptions {
  /** The queue group's own Redis. */
  readonly redis: RedisGroupOptions;
}

const builder = new ConfigurableModuleBuilder<QueueConnectionOptions>().setClassMethodName('forRoot').build();

/** What `forRootAsync` of the queue modules takes for their options. */
export type QueueConnectionAsyncOptions = typeof builder.ASYNC_OPTIONS_TYPE;

export const QUEUE_REDIS = getRedisToken(QUEUE_GROUP);

/** The queue group's guarded connection, shared by the adding and the running side. */
@Module({
  providers: [
    {
      provide: QUEUE_REDIS,
      inject: [builder.MODULE_OPTIONS_TOKEN],
      useFactory: ({ redis }: QueueConnectionOptions) => openGuardedRedis({ ...redis, group: QUEUE_GROUP }),
    },
  ],
  exports: [QUEUE_REDIS],
})
export class QueueConnectionModule extends builder.ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(@InjectRedis(QUEUE_GROUP) private readonly redis: GuardedRedis) {
    super();
  }

  onApplicationShutdown(): void {
    this.redis.close();
  }
}
