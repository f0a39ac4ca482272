import type { Database } from '@trivet/database';
import type { GuardedRedis } from '@trivet/redis';
import type { AddingSide } from '../adding/adding-side.js';
import type { JobDefinition } from '../jobs/job.js';
import type { Schedule } from '../jobs/schedule.js';
import type { ResolvedQueueOptions } from '../queue.options.js';
import { QueueWorker } from './queue-worker.js';

/** What a {@link RunningSide} is built on. */
export interface RunningParts {
  readonly redis: GuardedRedis;
  readonly options: ResolvedQueueOptions;
  readonly adding: AddingSide;
  readonly database: Database;
  readonly jobs: readonly JobDefinition[];
  readonly schedules: readonly Schedule[];
}

/** Everything that a worker process does. */
export class RunningSide {
  readonly #names: readonly string[];
  #workers: readonly QueueWorker[] = [];

  constructor(private readonly parts: RunningParts) {
    this.#names = [...new Set(parts.jobs.map(({ queue }) => queue))];
  }

  start(): void {
    const { redis, adding, options } = this.parts;
    const { runner } = adding;
    if (!runner) return;
    const connection = redis.connectionFor('worker');
    const failed = () => undefined;
    this.#workers = this.#names.map(
      (queue) => new QueueWorker({ queue, connection, runner, concurrency: options.concurrency, failed }),
    );
    const follow = (writes: 'up' | 'down') => {
      for (const worker of this.#workers) worker.outage = writes === 'down';
    };
    follow(redis.state.writes);
    redis.onState(({ writes }) => follow(writes));
  }

  /** Jobs under way are finished, in time. */
  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
    this.parts.redis.close();
  }
}
