import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable, type Type } from '@nestjs/common';
import type { Job } from 'bullmq';
import { JobRunner } from './job-runner.js';

/** Hands BullMQ's jobs to the runner. */
@Injectable()
export abstract class QueueProcessor extends WorkerHost {
  constructor(private readonly runner: JobRunner) {
    super();
  }

  async process(job: Job<unknown>): Promise<void> {
    const signal = new AbortController().signal;
    await this.runner.run({ id: job.id ?? '', name: job.name, payload: job.data, lane: 'queue', signal });
  }

  /** Stops or goes on fetching jobs, in this process only; those under way are left alone. */
  rest(resting: boolean): void {
    if (resting && !this.worker.isPaused()) void this.worker.pause(true);
    else if (!resting && this.worker.isPaused()) void this.worker.resume();
  }

  // The guarded connection reports its group's outages; BullMQ would print one line per failed fetch.
  @OnWorkerEvent('error')
  protected onError(): void {}
}

/** The processor of one queue: @nestjs/bullmq wants a decorated class for each. */
export function processorFor(queue: string): Type<QueueProcessor> {
  // BullMQ rests for 15 s after a lost connection; the first job after an outage should not.
  @Processor(queue, { concurrency: 8, drainDelay: 2, stalledInterval: 15_000, runRetryDelay: 250 })
  class NamedProcessor extends QueueProcessor {
    constructor(runner: JobRunner) {
      super(runner);
    }
  }
  return NamedProcessor;
}
