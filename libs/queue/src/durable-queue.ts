import { DeadlineExceededError, type GuardedRedis, type RedisUnavailableError } from '@trivet/redis';
import type { Queue } from 'bullmq';
import { v7 as uuidv7 } from 'uuid';
import type { InlineLane } from './inline-lane.js';
import type { JobDefinition, OutagePolicy } from './job.js';
import { InvalidJobPayloadError } from './queue.errors.js';
import { jobAddChannel, type JobAddEvent, type Lane } from './queue.events.js';

/** Options of one add. */
export interface AddOptions {
  /** The job's id. Adding it again with the same id has no second effect. @default a new UUIDv7 */
  readonly id?: string;
  /** @default the job's own policy */
  readonly onOutage?: OutagePolicy;
}

/** Where a job went. */
export interface PlacedJob {
  readonly id: string;
  readonly placed: Lane;
}

const add = { name: 'queue.add', kind: 'write', ownConnection: true } as const;

/** A BullMQ queue whose `add` always settles, within its deadline, and says where the job went. */
export class DurableQueue {
  constructor(
    private readonly queue: Queue,
    private readonly redis: GuardedRedis,
    private readonly inline: InlineLane,
  ) {}

  /**
   * Accepts a job. Its id exists before the first try and is the same in every lane, so a job that Redis stored
   * without saying so and that then ran inline has its effect once.
   *
   * @throws {InvalidJobPayloadError} naming the fields
   * @throws {RedisUnavailableError} when Redis did not take it and the policy is `reject` or the inline lane is full
   */
  async add<P>(job: JobDefinition<P>, payload: P, options: AddOptions = {}): Promise<PlacedJob> {
    const { id = uuidv7(), onOutage = job.onOutage } = options;
    const parsed = job.payload.safeParse(payload);
    if (!parsed.success) throw new InvalidJobPayloadError(job.name, parsed.error);
    const startedAt = performance.now();
    const publish = (placed: JobAddEvent['placed'], ambiguous = false) =>
      jobAddChannel.publish({
        queue: this.queue.name,
        job: job.name,
        placed,
        ambiguous,
        durationMs: performance.now() - startedAt,
      });

    return this.redis.attempt<PlacedJob>(
      add,
      async () => {
        await this.queue.add(job.name, parsed.data, { jobId: id });
        publish('queue');
        return { id, placed: 'queue' };
      },
      async (outage) => {
        if (onOutage !== 'inline' || !job.inline || !this.inline.hasRoom(job.name, job.inline)) {
          publish('rejected', outage.ambiguous);
          throw outage;
        }
        publish('inline', outage.ambiguous);
        await this.inline.run({ id, name: job.name, payload: parsed.data }, job.inline).catch(giveUp(outage));
        return { id, placed: 'inline' };
      },
    );
  }
}

/** A job that outlasts the inline lane is refused for the reason that brought it there. */
function giveUp(outage: RedisUnavailableError): (error: unknown) => never {
  return (error) => {
    throw error instanceof DeadlineExceededError ? outage : error;
  };
}
