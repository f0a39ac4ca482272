import { BullModule, getQueueToken } from '@nestjs/bullmq';
import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import type { GuardedRedis } from '@trivet/redis';
import type { Queue, QueueOptions } from 'bullmq';
import { DurableQueue } from './durable-queue.js';
import { InlineLane } from './inline-lane.js';
import type { JobDefinition, JobHandler } from './job.js';
import { JobRunner } from './job-runner.js';
import {
  QUEUE_REDIS,
  QueueConnectionModule,
  type QueueConnectionAsyncOptions,
  type QueueConnectionOptions,
} from './queue-connection.module.js';
import { QueueFailSoftInterceptor } from './queue.fail-soft.interceptor.js';
import { getDurableQueueToken, JOB_HANDLERS } from './queue.tokens.js';

/** What a process adds, and what it can run inline. */
export interface QueueJobs {
  readonly jobs: readonly JobDefinition[];
  /** Providers of some imported module; needed for jobs with `onOutage: 'inline'`. */
  readonly handlers: readonly Type<JobHandler>[];
}

/**
 * The adding side: one {@link DurableQueue} per queue that `jobs` name. Needs a global `Database` for the ledger of
 * done jobs.
 */
@Module({})
export class QueueModule implements BeforeApplicationShutdown {
  constructor(@Inject(InlineLane) private readonly inline: InlineLane) {}

  static forRoot({ jobs, handlers, ...options }: QueueConnectionOptions & QueueJobs): DynamicModule {
    return QueueModule.forRootAsync({ jobs, handlers, useFactory: () => options });
  }

  static forRootAsync({
    jobs,
    handlers,
    ...options
  }: QueueConnectionAsyncOptions & QueueJobs): DynamicModule {
    const connection = QueueConnectionModule.forRootAsync(options);
    const names = [...new Set(jobs.map(({ queue }) => queue))];
    const queues = names.map((name) => durableQueue(name));
    return {
      module: QueueModule,
      global: true,
      imports: [
        connection,
        BullModule.forRootAsync({
          imports: [connection],
          inject: [QUEUE_REDIS],
          useFactory: producerOptions,
        }),
        BullModule.registerQueue(...names.map((name) => ({ name }))),
      ],
      providers: [
        { provide: JOB_HANDLERS, useValue: handlers },
        JobRunner,
        {
          provide: InlineLane,
          inject: [JobRunner],
          useFactory: (runner: JobRunner) => new InlineLane(runner),
        },
        ...queues,
        { provide: APP_INTERCEPTOR, useClass: QueueFailSoftInterceptor },
      ],
      exports: [connection, ...queues],
    };
  }

  /** Accepted inline work ends before the database goes. */
  beforeApplicationShutdown(): Promise<void> {
    return this.inline.drain();
  }
}

function durableQueue(name: string): Provider {
  return {
    provide: getDurableQueueToken(name),
    inject: [getQueueToken(name), QUEUE_REDIS, InlineLane],
    useFactory: (queue: Queue, redis: GuardedRedis, inline: InlineLane) => {
      // The guarded connection reports its group's outages; BullMQ would print one line per failed reconnect.
      queue.on('error', () => undefined);
      return new DurableQueue(queue, redis, inline);
    },
  };
}

const keepDoneSeconds = 24 * 3600;

function producerOptions(redis: GuardedRedis): QueueOptions {
  return {
    connection: redis.connectionFor('producer'),
    // Without both an add made before Redis was ever reached stays pending for ever.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    skipMetasUpdate: true,
    defaultJobOptions: {
      attempts: 5,
      backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
      // Done jobs stay for a while: their ids are what makes a repeated add harmless.
      removeOnComplete: { age: keepDoneSeconds },
    },
  };
}
