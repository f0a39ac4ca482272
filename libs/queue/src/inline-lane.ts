import { withDeadline } from '@trivet/redis';
import type { InlineBounds } from './job.js';
import type { JobRun, JobRunner } from './job-runner.js';

/** Runs jobs in the process that added them, within the bounds that their class declares. */
export class InlineLane {
  readonly #running = new Map<string, Promise<void>[]>();

  constructor(private readonly runner: JobRunner) {}

  /** Whether one more job of this class may run now. */
  hasRoom(job: string, { concurrency }: InlineBounds): boolean {
    return (this.#running.get(job)?.length ?? 0) < concurrency;
  }

  /** Runs a job. @throws {DeadlineExceededError} after `maxMs`, and whatever the handler throws */
  async run(job: Omit<JobRun, 'lane' | 'signal'>, { maxMs }: InlineBounds): Promise<void> {
    const work = this.runner.run({ ...job, lane: 'inline', signal: AbortSignal.timeout(maxMs) });
    this.#occupy(job.name, work);
    await withDeadline(work, maxMs);
  }

  /** Settles when every job under way has ended. */
  async drain(): Promise<void> {
    await Promise.allSettled([...this.#running.values()].flat());
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
