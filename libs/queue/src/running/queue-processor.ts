import { withDeadline } from '@trivet/redis';
import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { DelayedError, UnrecoverableError, type Job, type Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { removeOnComplete } from '../jobs/bull-options.js';
import { dispositionOf, parkedAtMostMs, restMs } from '../jobs/disposition.js';
import type { Envelope } from '../jobs/envelope.js';
import type { JobRunner } from '../jobs/job-runner.js';
import { ErrorRate } from './error-rate.js';

/** What a {@link QueueProcessor} works with. */
export interface ProcessorParts {
  readonly queue: string;
  readonly connection: Redis;
  readonly runner: JobRunner;
  readonly concurrency: number;
}

/** Token of the connection that all workers of the process fetch through. */
export const WORKER_CONNECTION = Symbol('WORKER_CONNECTION');

/** Token of a queue's processor. */
export const processorToken = (queue: string): string => `QueueProcessor:${queue}`;

const closeDeadlineMs = 5000;
const restAfterErrorsMs = 1000;

/** Takes one queue's jobs from Redis and hands them to the runner. Quiet in an outage, and quick after it. */
export abstract class QueueProcessor extends WorkerHost<Worker<Envelope>> {
  readonly #errors = new ErrorRate();
  readonly #underWay = new Set<() => void>();
  #hasOutage = false;
  #hasErrors = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly runner: JobRunner) {
    super();
  }

  /** Calls `listener` when a job has failed for good. */
  onFailed(listener: () => void): void {
    this.worker.on('failed', (job) => {
      if (!job || job.finishedOn !== undefined) listener();
    });
  }

  /** Whether the group is away: a worker on a Redis that takes no writes would only spin through errors. */
  set outage(hasOutage: boolean) {
    this.#hasOutage = hasOutage;
    this.#restOrWork();
  }

  /** Ends in time; without Redis there is nobody to tell, so jobs under way are cut and run again. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await withDeadline(this.worker.close(this.#hasOutage), closeDeadlineMs).catch(() => undefined);
    for (const leave of this.#underWay) leave();
  }

  async process(job: Job<Envelope>, token?: string): Promise<void> {
    const { id = '', name, data: envelope } = job;
    const signal = AbortSignal.timeout(this.runner.maxMsOf(name));
    try {
      await this.#unlessLeft(this.runner.run({ id, name, envelope, lane: 'queue', signal }));
    } catch (error) {
      const disposition = dispositionOf(error);
      if (disposition === 'retry') throw error;
      if (disposition === 'hopeless' || Date.now() - job.timestamp > parkedAtMostMs) {
        throw new UnrecoverableError(String(error));
      }
      await job.moveToDelayed(Date.now() + restMs(error), token);
      throw new DelayedError();
    }
  }

  // The guarded connection reports its group's outages. What it does not see as one (a script's error, say) would make
  // BullMQ try again at once, thousands of times a second, until no timer of the process fires any more.
  @OnWorkerEvent('error')
  protected onError(): void {
    if (this.#hasErrors || !this.#errors.isTooHigh(performance.now())) return;
    this.#hasErrors = true;
    this.#restOrWork();
    this.#timer = setTimeout(() => {
      this.#hasErrors = false;
      this.#restOrWork();
    }, restAfterErrorsMs).unref();
  }

  /**
   * Settles as `run` does, or when the processor closes before it: a handler that ignores its signal must not keep the process.
   * The job stays as it is, and is run again as after a crash.
   */
  #unlessLeft(run: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      // What BullMQ takes for: its place in Redis is seen to.
      const leave = () => reject(new DelayedError());
      this.#underWay.add(leave);
      void run.then(resolve, reject).finally(() => this.#underWay.delete(leave));
    });
  }

  #restOrWork(): void {
    const shouldRest = this.#hasOutage || this.#hasErrors;
    if (shouldRest && !this.worker.isPaused()) void this.worker.pause(true);
    else if (!shouldRest && this.worker.isPaused()) void this.worker.resume();
  }
}

/**
 * The processor of one queue. Its class is made here, late, because `@Processor` takes the connection: left to itself,
 * @nestjs/bullmq hands a worker the connection of the queue of its name, and that one freezes the process in an outage.
 */
export function openProcessor({ queue, connection, concurrency, runner }: ProcessorParts): QueueProcessor {
  @Processor(queue, {
    connection,
    concurrency,
    // BullMQ rests for 15 s after a lost connection; the first job after an outage should not.
    drainDelay: 2,
    runRetryDelay: 250,
    stalledInterval: 15_000,
    // A job whose worker died is no failed job; one that kills its worker each time is.
    maxStalledCount: 3,
    removeOnComplete,
    skipVersionCheck: true,
  })
  class NamedProcessor extends QueueProcessor {}
  return new NamedProcessor(runner);
}
