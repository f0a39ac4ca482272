import { withDeadline } from '@trivet/redis';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { InlineBounds } from '../jobs/job.js';
import type { JobRun, JobRunner } from '../jobs/job-runner.js';

const drainDeadlineMs = 5000;
/** An inline job may add another that runs inline; a chain of them would be a slow request in disguise. */
const deepest = 2;

/** Runs jobs in the process that added them, within the bounds that their class declares. */
export class InlineLane {
  readonly #running = new Map<string, Promise<void>[]>();
  readonly #depth = new AsyncLocalStorage<number>();

  constructor(private readonly runner: JobRunner) {}

  /**
   * Runs a job now.
   *
   * @returns whether it is done; if not, no effect of it was or will be made by this run
   */
  async run(job: Omit<JobRun, 'lane' | 'signal'>, { maxMs, concurrency }: InlineBounds): Promise<boolean> {
    const depth = (this.#depth.getStore() ?? 0) + 1;
    const running = this.#running.get(job.name) ?? [];
    if (depth > deepest || running.length >= concurrency) return false;
    const signal = AbortSignal.timeout(maxMs);
    const work = this.#depth.run(depth, () => this.runner.run({ ...job, lane: 'inline', signal }));
    this.#occupy(job.name, work);
    return withDeadline(work, maxMs).then(
      () => true,
      () => false,
    );
  }

  /** Settles when every job under way has ended, or is not worth waiting for. */
  async drain(): Promise<void> {
    const all = Promise.allSettled([...this.#running.values()].flat());
    await withDeadline(all, drainDeadlineMs).catch(() => undefined);
  }

  // A job that was given up still occupies its place until it has really ended.
  #occupy(name: string, work: Promise<void>): void {
    const running = this.#running.get(name) ?? [];
    running.push(work);
    this.#running.set(name, running);
    const leave = () => void running.splice(running.indexOf(work), 1);
    work.then(leave, leave);
  }
}
