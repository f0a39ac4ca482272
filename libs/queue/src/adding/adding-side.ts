import type { ModuleRef } from '@nestjs/core';
import type { Type } from '@nestjs/common';
import type { Database } from '@trivet/database';
import { withDeadline, type GuardedRedis } from '@trivet/redis';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { once } from 'node:events';
import type { JobDefinition, JobHandler } from '../jobs/job.js';
import { JobRunner } from '../jobs/job-runner.js';
import { Outbox } from '../outbox/outbox.js';
import { JobOptionsError } from '../queue.errors.js';
import type { QueueJobs, ResolvedQueueOptions } from '../queue.options.js';
import { noDatabase } from './add-options.js';
import { DurableQueue } from './durable-queue.js';
import { InlineLane } from './inline-lane.js';
import { RedisLane, type AddingConnections } from './redis-lane.js';
import { Replicas } from './replicas.js';

/** What an {@link AddingSide} is built on. */
export interface AddingParts {
  readonly redis: GuardedRedis;
  /** What the registered queues send through. */
  readonly producer: Redis;
  readonly options: ResolvedQueueOptions;
  /** Without one, jobs may only be taken by Redis or be refused. */
  readonly database: Database | undefined;
}

const warmUpMs = 200;

/** Everything that the adds of one process share: connections, outbox, inline lane. */
export class AddingSide {
  /** Runs the jobs of this process; absent without a database. */
  readonly runner: JobRunner | undefined;
  readonly outbox: Outbox | undefined;
  readonly #inline: InlineLane | undefined;
  readonly #connections: AddingConnections;
  readonly #replicas: Replicas;

  constructor(private readonly parts: AddingParts) {
    const { redis, database, options } = parts;
    this.#connections = {
      bulk: redis.connectionFor('bulk'),
      replicated: redis.connectionFor('producer'),
    };
    this.#replicas = new Replicas(redis, this.#connections.replicated);
    if (!database) return;
    const { outboxMaxRows: maxRows, outboxMaxBytes: maxBytes } = options;
    this.outbox = new Outbox(database, { maxRows, maxBytes });
    this.runner = new JobRunner(database);
    this.#inline = new InlineLane(this.runner);
  }

  /** The durable queue over one that @nestjs/bullmq has registered. */
  durable(queue: Queue): DurableQueue {
    const redis = new RedisLane(queue, this.parts.redis, this.#connections, this.#replicas);
    const lanes = { redis, outbox: this.outbox, inline: this.#inline };
    return new DurableQueue(queue.name, lanes, this.parts.options);
  }

  /**
   * Refuses to boot with jobs that cannot keep their promises here, and waits a moment for both servers, so that the first
   * add finds a connection.
   *
   * @throws {JobOptionsError} saying what to set
   */
  async start({ jobs, handlers }: QueueJobs, moduleRef: ModuleRef): Promise<void> {
    this.runner?.register(handlers.map((type: Type<JobHandler>) => moduleRef.get(type, { strict: false })));
    const refusal = jobs.map((job) => this.#refusalOf(job)).find(Boolean);
    if (refusal) {
      // Nest closes nothing of a boot that fails, and open connections would keep the process.
      this.parts.redis.close();
      await this.close();
      throw refusal;
    }
    const isUp = this.parts.redis.state.writes === 'up';
    await Promise.all([isUp && isReady(this.parts.producer), this.outbox?.warmUp(warmUpMs)]);
  }

  #refusalOf({ name, onOutage }: JobDefinition): JobOptionsError | undefined {
    if (onOutage !== 'reject' && !this.outbox) return new JobOptionsError(name, noDatabase);
    if (onOutage !== 'inline' || this.runner?.handles(name)) return undefined;
    return new JobOptionsError(name, "`onOutage: 'inline'` needs its handler here. Add it to `handlers`.");
  }

  /** Settles when the inline work under way has ended. */
  async drain(): Promise<void> {
    await this.#inline?.drain();
  }

  async close(): Promise<void> {
    await this.outbox?.close();
  }
}

async function isReady(connection: Redis): Promise<void> {
  if (connection.status === 'ready') return;
  await withDeadline(once(connection, 'ready'), warmUpMs).catch(() => undefined);
}
