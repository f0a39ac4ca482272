import { Injectable } from '@nestjs/common';
import { defineJob, defineSchedule, type DurableQueue, type JobContext, JobHandler } from '@trivet/queue';
import { z } from 'zod';
import { Clock } from '../clock.js';
import { Digests } from './digests.js';
import { digestId, sendDigest } from './send-digest.job.js';

/** Adds a digest for everybody who wants one each week. */
export const planDigests = defineJob<Record<string, never>>({
  name: 'academy.plan-digests',
  queue: sendDigest.queue,
  payload: z.object({}).strict(),
});

/** Monday morning. */
export const weeklyDigests = defineSchedule({
  name: 'weekly-digests',
  job: planDigests,
  payload: {},
  cron: '0 6 * * 1',
});

@Injectable()
export class PlanDigestsHandler extends JobHandler<Record<string, never>> {
  readonly job = planDigests;

  constructor(
    private readonly digests: Digests,
    private readonly clock: Clock,
    private readonly queue: DurableQueue,
  ) {
    super();
  }

  /** All or none, by the transaction; and once for each week, by the ids, however often it is planned. */
  async handle(_payload: Record<string, never>, { tx }: JobContext): Promise<void> {
    const until = startOfWeek(this.clock.now()).toISOString();
    for (const userId of await this.digests.weeklyReaders(tx)) {
      const digest = { userId, until };
      await this.queue.add(sendDigest, digest, { id: digestId(digest), tx });
    }
  }
}

/** The last Monday, 00:00 UTC. */
export function startOfWeek(at: Date): Date {
  const daysSinceMonday = (at.getUTCDay() + 6) % 7;
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() - daysSinceMonday));
}
