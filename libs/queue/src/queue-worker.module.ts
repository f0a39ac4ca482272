import { BullModule } from '@nestjs/bullmq';
import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectRedis, withDeadline, type GuardedRedis } from '@trivet/redis';
import { JobRunner } from './job-runner.js';
import { processorFor, type QueueProcessor } from './queue-processor.js';
import {
  QUEUE_REDIS,
  QueueConnectionModule,
  type QueueConnectionAsyncOptions,
  type QueueConnectionOptions,
} from './queue-connection.module.js';
import type { QueueJobs } from './queue.module.js';
import { JOB_HANDLERS, QUEUE_GROUP } from './queue.tokens.js';

const PROCESSORS = Symbol('PROCESSORS');
const closeDeadlineMs = 5000;

/** The running side: one BullMQ worker per queue that `jobs` name, on connections of its own. */
@Module({})
export class QueueWorkerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @InjectRedis(QUEUE_GROUP) private readonly redis: GuardedRedis,
    @Inject(PROCESSORS) private readonly processors: readonly QueueProcessor[],
  ) {}

  static forRoot({ jobs, handlers, ...options }: QueueConnectionOptions & QueueJobs): DynamicModule {
    return QueueWorkerModule.forRootAsync({ jobs, handlers, useFactory: () => options });
  }

  static forRootAsync({
    jobs,
    handlers,
    ...options
  }: QueueConnectionAsyncOptions & QueueJobs): DynamicModule {
    const connection = QueueConnectionModule.forRootAsync(options);
    const processors = [...new Set(jobs.map(({ queue }) => queue))].map((queue) => processorFor(queue));
    return {
      module: QueueWorkerModule,
      global: true,
      imports: [
        connection,
        BullModule.forRootAsync({
          imports: [connection],
          inject: [QUEUE_REDIS],
          useFactory: (redis: GuardedRedis) => ({ connection: redis.connectionFor('worker') }),
        }),
        // No queue of its own: only what finds the processors and starts their workers.
        BullModule.registerQueue(),
      ],
      providers: [
        { provide: JOB_HANDLERS, useValue: handlers },
        JobRunner,
        ...processors,
        { provide: PROCESSORS, inject: processors, useFactory: (...all: QueueProcessor[]) => all },
      ],
      exports: [connection],
    };
  }

  /** A worker on a Redis that takes no writes would spin through errors; it rests until Redis does. */
  onApplicationBootstrap(): void {
    const follow = (writes: 'up' | 'down') => {
      for (const processor of this.processors) processor.rest(writes === 'down');
    };
    follow(this.redis.state.writes);
    this.redis.onState(({ writes }) => follow(writes));
  }

  /** Jobs under way are finished; without Redis there is nobody to tell, so they are cut and run again. */
  async beforeApplicationShutdown(): Promise<void> {
    const force = this.redis.state.writes === 'down';
    const closing = Promise.all(this.processors.map(({ worker }) => worker.close(force)));
    await withDeadline(closing, closeDeadlineMs).catch(() => undefined);
    this.redis.close();
  }
}
