import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from '@trivet/fault-kit';
import { atMost, type Exam, figure, kept } from './exam.js';
import { Load } from './load.js';
import { settle, tallyOf } from './tally.js';

const PER_SECOND = 100;
const BEFORE_MS = 5_000;
const AFTERWARDS_MS = 8_000;
const SETTLE_MS = 60_000;
const LIMIT_MS = 5_000;

/** The master dies with what no replica has: what was acknowledged all the same is sent again, and soon. */
export const failover: Exam = {
  name: 'failover',
  title: () => `a failover that loses acknowledged jobs, ${PER_SECOND} jobs/s`,
  topology: 'sentinel',
  sit: async ({ stage, say }) => {
    const load = new Load(stage.doors, PER_SECOND, '/outbox?count=1');
    const promotedAt = await load.during(async () => {
      await sleep(BEFORE_MS);
      say('failing over');
      await faults.failoverLosingLastWrites.apply(stage.redis);
      const now = Date.now();
      await sleep(AFTERWARDS_MS);
      return now;
    });
    const effects = await settle(stage.postgres, load.accepted, SETTLE_MS);
    await stage.metrics.look();
    const before = load.accepted.filter(({ at }) => at <= promotedAt);
    const lastDone = Math.max(...before.map(({ id }) => effects.get(id)?.[0] ?? Infinity));
    return [
      ...kept(tallyOf(load.accepted, effects)),
      atMost('the last job of before the promotion is done after it', lastDone - promotedAt, {
        limit: LIMIT_MS,
      }),
      figure('taken by Redis before it', before.filter(({ placed }) => placed === 'queue').length),
      figure('jobs put back after a loss (metric)', stage.metrics.sum(/readded_\w*total/)),
    ];
  },
};
