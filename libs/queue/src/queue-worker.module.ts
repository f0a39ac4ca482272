import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type Provider,
} from '@nestjs/common';
import { Database } from '@trivet/database';
import type { GuardedRedis } from '@trivet/redis';
import type { Redis } from 'ioredis';
import { AddingSide } from './adding/adding-side.js';
import { queueNamesOf } from './jobs/job.js';
import type { QueueModuleAsyncOptions } from './queue-connection.module.js';
import { QueueModule } from './queue.module.js';
import type { QueueModuleOptions, QueueWorkerJobs, ResolvedQueueOptions } from './queue.options.js';
import { QUEUE_OPTIONS, QUEUE_REDIS } from './queue.tokens.js';
import {
  openProcessor,
  processorToken,
  WORKER_CONNECTION,
  type QueueProcessor,
} from './running/queue-processor.js';
import { RunningSide } from './running/running-side.js';

/**
 * The running side: one BullMQ worker per queue that `jobs` name, the relay of the outbox, schedules and dead letters.
 * Its handlers can add jobs as well: it brings the adding side with it.
 */
@Module({})
export class QueueWorkerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(RunningSide) private readonly running: RunningSide) {}

  static forRoot({
    jobs,
    handlers,
    schedules,
    ...options
  }: QueueModuleOptions & QueueWorkerJobs): DynamicModule {
    const jobsOf = schedules ? { jobs, handlers, schedules } : { jobs, handlers };
    return QueueWorkerModule.forRootAsync({ ...jobsOf, useFactory: () => options });
  }

  static forRootAsync({
    schedules = [],
    ...options
  }: QueueModuleAsyncOptions & QueueWorkerJobs): DynamicModule {
    const names = queueNamesOf(options.jobs);
    return {
      module: QueueWorkerModule,
      imports: [QueueModule.forRootAsync(options)],
      providers: [
        {
          provide: WORKER_CONNECTION,
          inject: [QUEUE_REDIS],
          useFactory: (redis: GuardedRedis) => redis.connectionFor('worker'),
        },
        ...names.map(processor),
        {
          provide: RunningSide,
          inject: [QUEUE_REDIS, QUEUE_OPTIONS, AddingSide, Database, ...names.map(processorToken)],
          useFactory: (
            redis: GuardedRedis,
            resolved: ResolvedQueueOptions,
            { runner }: AddingSide,
            database: Database,
            ...processors: QueueProcessor[]
          ) =>
            new RunningSide({
              redis,
              options: resolved,
              runner: runner!,
              database,
              processors,
              jobs: options.jobs,
              schedules,
            }),
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.running.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.running.stop();
  }
}

// Without a database there is no runner, and Nest says that the running side misses `Database`.
const processor = (queue: string): Provider => ({
  provide: processorToken(queue),
  inject: [WORKER_CONNECTION, QUEUE_OPTIONS, AddingSide],
  useFactory: (connection: Redis, { concurrency }: ResolvedQueueOptions, { runner }: AddingSide) =>
    openProcessor({ queue, connection, concurrency, runner: runner! }),
});
