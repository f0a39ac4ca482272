import { BullModule, getQueueToken } from '@nestjs/bullmq';
import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { APP_INTERCEPTOR, ModuleRef } from '@nestjs/core';
import { Database } from '@trivet/database';
import type { GuardedRedis } from '@trivet/redis';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { AddingSide } from './adding/adding-side.js';
import { queueNamesOf } from './jobs/job.js';
import { queueOptions } from './adding/redis-lane.js';
import { QueueConnectionModule, type QueueModuleAsyncOptions } from './queue-connection.module.js';
import { QueueFailSoftInterceptor } from './queue.fail-soft.interceptor.js';
import type { QueueJobs, QueueModuleOptions, ResolvedQueueOptions } from './queue.options.js';
import {
  BULL_CONFIG,
  getDurableQueueToken,
  QUEUE_JOBS,
  QUEUE_OPTIONS,
  QUEUE_PRODUCER,
  QUEUE_REDIS,
} from './queue.tokens.js';

/**
 * The adding side: one {@link DurableQueue} per queue that `jobs` name, over a queue of @nestjs/bullmq's that `@InjectQueue` finds. The
 * outbox is in the app's global `Database`.
 */
@Module({})
export class QueueModule implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly adding: AddingSide,
    private readonly moduleRef: ModuleRef,
    @Inject(QUEUE_JOBS) private readonly jobs: QueueJobs,
  ) {}

  static forRoot({ jobs, handlers, ...options }: QueueModuleOptions & QueueJobs): DynamicModule {
    return QueueModule.forRootAsync({ jobs, handlers, useFactory: () => options });
  }

  static forRootAsync({ jobs, handlers, ...options }: QueueModuleAsyncOptions & QueueJobs): DynamicModule {
    const connection = QueueConnectionModule.forRootAsync(options);
    const names = queueNamesOf(jobs);
    const registered = BullModule.registerQueue(...names.map((name) => ({ name, configKey: BULL_CONFIG })));
    const queues = names.map(durableQueue);
    return {
      module: QueueModule,
      global: true,
      imports: [
        connection,
        BullModule.forRootAsync(BULL_CONFIG, {
          imports: [connection],
          inject: [QUEUE_PRODUCER],
          useFactory: queueOptions,
        }),
        registered,
      ],
      providers: [
        { provide: QUEUE_JOBS, useValue: { jobs, handlers } satisfies QueueJobs },
        {
          provide: AddingSide,
          inject: [QUEUE_REDIS, QUEUE_PRODUCER, QUEUE_OPTIONS, { token: Database, optional: true }],
          useFactory: (
            redis: GuardedRedis,
            producer: Redis,
            resolved: ResolvedQueueOptions,
            database?: Database,
          ) => new AddingSide({ redis, producer, options: resolved, database }),
        },
        ...queues,
        { provide: APP_INTERCEPTOR, useClass: QueueFailSoftInterceptor },
      ],
      exports: [connection, registered, AddingSide, ...queues],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.adding.start(this.jobs, this.moduleRef);
  }

  /** Accepted inline work ends before the database goes. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.adding.drain();
  }

  /** The requests that were under way have been answered: nobody adds any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.adding.close();
  }
}

const durableQueue = (name: string): Provider => ({
  provide: getDurableQueueToken(name),
  inject: [AddingSide, getQueueToken(name)],
  useFactory: (adding: AddingSide, queue: Queue) => adding.durable(queue),
});
