import { ConfigurableModuleBuilder, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { openGuardedRedis, type GuardedRedis } from '@trivet/redis';
import { resolveQueueOptions, type QueueModuleOptions, type ResolvedQueueOptions } from './queue.options.js';
import { QUEUE_GROUP, QUEUE_OPTIONS, QUEUE_PRODUCER, QUEUE_REDIS } from './queue.tokens.js';

const builder = new ConfigurableModuleBuilder<QueueModuleOptions>().setClassMethodName('forRoot').build();

/** What `forRootAsync` of the queue modules takes for their options. */
export type QueueModuleAsyncOptions = typeof builder.ASYNC_OPTIONS_TYPE;

/** The queue group's options and guarded connection, shared by the adding and the running side. */
@Module({
  providers: [
    { provide: QUEUE_OPTIONS, inject: [builder.MODULE_OPTIONS_TOKEN], useFactory: resolveQueueOptions },
    {
      provide: QUEUE_REDIS,
      inject: [QUEUE_OPTIONS],
      useFactory: ({ redis }: ResolvedQueueOptions) => openGuardedRedis({ ...redis, group: QUEUE_GROUP }),
    },
    {
      provide: QUEUE_PRODUCER,
      inject: [QUEUE_REDIS],
      useFactory: (redis: GuardedRedis) => redis.connectionFor('producer'),
    },
  ],
  exports: [QUEUE_OPTIONS, QUEUE_REDIS, QUEUE_PRODUCER],
})
export class QueueConnectionModule extends builder.ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(@Inject(QUEUE_REDIS) private readonly redis: GuardedRedis) {
    super();
  }

  onApplicationShutdown(): void {
    this.redis.close();
  }
}
