import type { RedisUnavailableError } from '@trivet/redis';
import { newJobId } from '../jobs/job-id.js';
import { carried, type Carried } from '../jobs/carried.js';
import { assertFits, wrap, type Envelope } from '../jobs/envelope.js';
import type { JobDefinition } from '../jobs/job.js';
import type { Outbox } from '../outbox/outbox.js';
import type { ResolvedQueueOptions } from '../queue.options.js';
import { JobOptionsError } from '../queue.errors.js';
import { jobAddChannel, type JobAddEvent, type Lane } from '../queue.events.js';
import {
  noDatabase,
  resolveAdd,
  type AddBulkOptions,
  type AddOptions,
  type ResolvedAdd,
} from './add-options.js';
import type { InlineLane } from './inline-lane.js';
import type { Batch, NewJob } from './new-job.js';
import type { RedisLane } from './redis-lane.js';

/** Where a job went. */
export interface PlacedJob {
  readonly id: string;
  readonly placed: Lane;
}

/** The ways a job can go. Without a database there are no outbox and no inline lane. */
export interface Lanes {
  readonly redis: RedisLane;
  readonly outbox: Outbox | undefined;
  readonly inline: InlineLane | undefined;
}

/** What an add is held to. */
export type AddLimits = Pick<ResolvedQueueOptions, 'addDeadlineMs' | 'maxPayloadBytes'>;

interface Course {
  readonly startedAt: number;
  ambiguous: boolean;
  partial: boolean;
}

/** What Redis may use up of an add's time; the outbox gets the rest, and never less than its own share. */
const redisShare = 0.6;
/** What the last lane gets beyond the deadline: a refusal costs the caller more than this. */
const overtimeMs = 30;

/** A BullMQ queue whose adds always settle, within their deadline, and say where their jobs went. */
export class DurableQueue {
  constructor(
    readonly name: string,
    private readonly lanes: Lanes,
    private readonly limits: AddLimits,
  ) {}

  /**
   * Accepts a job. Its id exists before the first try and is the same in every lane, so a job that Redis stored
   * without saying so and that then went another way has its effect once.
   *
   * @throws {InvalidJobPayloadError | JobPayloadTooLargeError | JobOptionsError} a mistake of the caller's, whatever the weather
   * @throws {RedisUnavailableError} when Redis did not take it and the policy is `reject`
   * @throws {OutboxUnavailableError} when the outbox did not take it either, or is full
   */
  async add<P>(job: JobDefinition<P>, payload: P, options: AddOptions = {}): Promise<PlacedJob> {
    const { id = newJobId(), deadlineMs = this.limits.addDeadlineMs } = options;
    const plan = this.#plan(job, options);
    const jobs = [{ id, envelope: this.#wrap(job, payload, carried()) }];
    return { id, placed: await this.#place({ plan, job, jobs, deadlineMs }) };
  }

  /**
   * Accepts many jobs of a kind, all on the same way, faster than one by one. In an outage the ones that may run inline
   * go to the outbox. Takes the deadline of one add, and a millisecond more for each job.
   *
   * @throws what {@link DurableQueue.add} throws; some of the jobs may then have been taken
   */
  async addBulk<P>(
    job: JobDefinition<P>,
    payloads: readonly P[],
    options: AddBulkOptions = {},
  ): Promise<PlacedJob[]> {
    if (payloads.length === 0) return [];
    const { deadlineMs = this.limits.addDeadlineMs + payloads.length } = options;
    const plan = this.#plan(job, options);
    const context = carried();
    const jobs = payloads.map((payload): NewJob => ({
      id: newJobId(),
      envelope: this.#wrap(job, payload, context),
    }));
    const placed = await this.#place({ plan, job, jobs, deadlineMs });
    return jobs.map(({ id }) => ({ id, placed }));
  }

  #plan(job: JobDefinition, options: AddOptions): ResolvedAdd {
    if (job.queue !== this.name) {
      throw new JobOptionsError(job.name, `it belongs to queue ${job.queue}, not to ${this.name}.`);
    }
    return resolveAdd(job, options, this.lanes.outbox !== undefined);
  }

  #wrap(job: JobDefinition, payload: unknown, context: Carried | undefined): Envelope {
    const envelope = wrap(job, payload, context);
    assertFits(job, envelope, this.limits.maxPayloadBytes);
    return envelope;
  }

  async #place(batch: Batch): Promise<Lane> {
    const course: Course = { startedAt: performance.now(), ambiguous: false, partial: false };
    let placed: JobAddEvent['placed'] = 'rejected';
    try {
      placed = await this.#goThrough(batch, course);
      return placed;
    } finally {
      if (jobAddChannel.hasSubscribers) this.#publish(batch, course, placed);
    }
  }

  async #goThrough(batch: Batch, course: Course): Promise<Lane> {
    const { redis } = this.lanes;
    if (batch.plan.tx || (batch.plan.durability === 'replicated' && !redis.canReplicate)) {
      return this.#toOutbox(batch, course);
    }
    const share = batch.plan.onOutage === 'reject' ? 1 : redisShare;
    const taken = await redis.add(batch, share * batch.deadlineMs, (outage) => {
      course.ambiguous = outage.ambiguous;
      course.partial = outage.partial;
      return this.#without(outage, batch, course);
    });
    if (taken !== 'unconfirmed') return taken;
    course.ambiguous = true;
    return this.#toOutbox(batch, course);
  }

  async #without(outage: RedisUnavailableError, batch: Batch, course: Course): Promise<Lane> {
    const { job, jobs, plan } = batch;
    const { onOutage } = plan;
    if (onOutage === 'reject') throw outage;
    const [only] = jobs;
    if (onOutage === 'inline' && job.inline && only && jobs.length === 1) {
      const isDone = await this.lanes.inline?.run({ ...only, name: job.name }, job.inline);
      if (isDone) return 'inline';
    }
    return this.#toOutbox(batch, course);
  }

  async #toOutbox({ job, jobs, plan, deadlineMs }: Batch, course: Course): Promise<Lane> {
    const { outbox } = this.lanes;
    if (!outbox) throw new JobOptionsError(job.name, noDatabase);
    const { delayMs, tx } = plan;
    const { startedAt, partial: isPartial } = course;
    const common = { queue: this.name, job: job.name, delayMs, isPartial };
    const rows = jobs.map(({ id, envelope }) => ({ ...common, id, envelope }));
    const placement = { rows, queue: this.name, importance: job.importance };
    const left = deadlineMs - (performance.now() - startedAt);
    if (tx) await outbox.addWithin(tx, placement);
    else await outbox.add(placement, Math.max(left, (1 - redisShare) * deadlineMs) + overtimeMs);
    return 'outbox';
  }

  #publish({ job, jobs }: Batch, { startedAt, ambiguous }: Course, placed: JobAddEvent['placed']): void {
    const durationMs = performance.now() - startedAt;
    const event = { queue: this.name, job: job.name, placed, ambiguous, durationMs, jobs: jobs.length };
    jobAddChannel.publish(event satisfies JobAddEvent);
  }
}
