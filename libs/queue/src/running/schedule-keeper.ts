import type { GuardedRedis } from '@trivet/redis';
import type { JobSchedulerJson, Queue, RepeatOptions } from 'bullmq';
import { bullOptions } from '../jobs/bull-options.js';
import { wrap } from '../jobs/envelope.js';
import { scheduleKeyPrefix, type Schedule } from '../jobs/schedule.js';

/** What a {@link ScheduleKeeper} works with. */
export interface ScheduleKeeperParts {
  readonly redis: GuardedRedis;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly schedules: readonly Schedule[];
}

const read = { name: 'queue.readSchedules', kind: 'read', ownConnection: true, deadlineMs: 2000 } as const;
const write = { name: 'queue.writeSchedule', kind: 'write', ownConnection: true, deadlineMs: 2000 } as const;

/** A scheduler whose next job should have come by then has lost it. */
const brokenAfterMs = 60_000;

/** Makes BullMQ's job schedulers what the code says, also after Redis has lost them. */
export class ScheduleKeeper {
  constructor(
    private readonly parts: ScheduleKeeperParts,
    private readonly now: () => number = Date.now,
  ) {}

  /** Adds what is missing or broken, changes what differs, removes what the code no longer has. */
  async reconcile(): Promise<void> {
    for (const queue of this.parts.queues.values()) await this.#reconcile(queue);
  }

  async #reconcile(queue: Queue): Promise<void> {
    const { redis, schedules } = this.parts;
    const wanted = new Map(
      schedules
        .filter(({ job }) => job.queue === queue.name)
        .map((schedule) => [scheduleKeyPrefix + schedule.name, schedule]),
    );
    const found = await redis.attempt(read, () => queue.getJobSchedulers());
    for (const { key } of found) {
      if (key.startsWith(scheduleKeyPrefix) && !wanted.has(key)) {
        await redis.attempt(write, () => queue.removeJobScheduler(key));
      }
    }
    for (const [key, schedule] of wanted) {
      const present = found.find((scheduler) => scheduler.key === key);
      if (!present || !this.#isAsWanted(present, schedule))
        await redis.attempt(write, () => upsert(queue, key, schedule));
    }
  }

  #isAsWanted(
    { name, pattern, every, tz, next = 0, template }: JobSchedulerJson,
    schedule: Schedule,
  ): boolean {
    const { job, payload } = schedule;
    const repeat = repeatOptions(schedule);
    return (
      name === job.name &&
      pattern === repeat.pattern &&
      (every === undefined ? undefined : Number(every)) === repeat.every &&
      tz === repeat.tz &&
      next > this.now() - brokenAfterMs &&
      JSON.stringify(template?.data) === JSON.stringify(wrap(job, payload, undefined))
    );
  }
}

async function upsert(queue: Queue, key: string, schedule: Schedule): Promise<void> {
  const { job, payload } = schedule;
  const template = { name: job.name, data: wrap(job, payload, undefined), opts: bullOptions(job) };
  await queue.upsertJobScheduler(key, repeatOptions(schedule), template);
}

function repeatOptions({ cron, timeZone = 'UTC', everyMs }: Schedule): Omit<RepeatOptions, 'key'> {
  return cron === undefined ? { every: everyMs ?? 0 } : { pattern: cron, tz: timeZone };
}
