import type { Database } from '@trivet/database';
import { jobRunChannel, type JobRunEvent, type Lane } from '../queue.events.js';
import { UnknownJobError } from '../queue.errors.js';
import { resume } from './carried.js';
import { claimOf } from './done-ledger.js';
import { unwrap, type Envelope } from './envelope.js';
import type { JobHandler } from './job.js';
import { isPostponed } from './disposition.js';

/** One job as it is handed to a handler. */
export interface JobRun {
  readonly id: string;
  readonly name: string;
  readonly envelope: Envelope;
  readonly lane: Lane;
  readonly signal: AbortSignal;
}

/** Runs jobs of every lane in the same way: payload checked, effects made once. */
export class JobRunner {
  readonly #handlers = new Map<string, JobHandler>();
  #underWay = 0;
  #idleSince = -Infinity;

  constructor(private readonly database: Database) {}

  /** Takes on the handlers of the process. */
  register(handlers: readonly JobHandler[]): void {
    for (const handler of handlers) this.#handlers.set(handler.job.name, handler);
  }

  /** For how long no job has been under way, milliseconds. */
  get idleMs(): number {
    return this.#underWay > 0 ? 0 : performance.now() - this.#idleSince;
  }

  /** Whether this process can run jobs of this name. */
  handles(name: string): boolean {
    return this.#handlers.has(name);
  }

  /** How long a run of a job may take, milliseconds. */
  maxMsOf(name: string): number {
    return this.#handlers.get(name)?.job.maxMs ?? 1000;
  }

  /** @throws {UnknownJobError | InvalidJobPayloadError | JobVersionError} and whatever the handler throws */
  async run(run: JobRun): Promise<void> {
    const startedAt = performance.now();
    let outcome: JobRunEvent['outcome'] = 'failed';
    this.#underWay += 1;
    try {
      outcome = await this.#runOnce(run);
    } catch (error) {
      if (isPostponed(error)) outcome = 'postponed';
      throw error;
    } finally {
      this.#underWay -= 1;
      this.#idleSince = performance.now();
      const durationMs = this.#idleSince - startedAt;
      jobRunChannel.publish({ job: run.name, lane: run.lane, outcome, durationMs } satisfies JobRunEvent);
    }
  }

  async #runOnce({ id, name, envelope, signal }: JobRun): Promise<'done' | 'duplicate'> {
    const handler = this.#handlers.get(name);
    if (!handler) throw new UnknownJobError(name);
    const payload = unwrap(handler.job, envelope);
    return this.database.transactionAfter(claimOf(id, name), async (tx, claimed) => {
      if (claimed === 0) return 'duplicate';
      await resume(envelope.context, () => handler.handle(payload, { id, tx, signal }));
      // Whoever waited has given up and put the job elsewhere: too late to count.
      signal.throwIfAborted();
      return 'done';
    });
  }
}
