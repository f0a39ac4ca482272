import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from '@trivet/fault-kit';
import { percentile } from '../measure/percentile.js';
import { atMost, type Exam, figure, kept } from './exam.js';
import { Load } from './load.js';
import { delaysOf, settle, tallyOf } from './tally.js';

const PER_SECOND = 100;
const SETTLE_MS = 60_000;
/** What happens while the outage is being found out is another promise: an add settles within its deadline. */
const FOUND_OUT_MS = 1_000;

/** Without its Redis the workers take the jobs from the outbox. */
export const outage: Exam = {
  name: 'outage',
  title: ({ outageSeconds }) => `${outageSeconds} s without Redis, ${PER_SECOND} jobs/s`,
  sit: async ({ stage, options, say }) => {
    const undo = await faults.refused.apply(stage.redis);
    await sleep(FOUND_OUT_MS);
    const load = new Load(stage.doors, PER_SECOND);
    await load.during(async () => {
      for (let second = 0; second < options.outageSeconds; second += 5) {
        say(`${second} of ${options.outageSeconds} s`);
        await sleep(Math.min(5, options.outageSeconds - second) * 1_000);
      }
    });
    const effects = await settle(stage.postgres, load.accepted, SETTLE_MS);
    const delays = delaysOf(load.accepted, effects);
    await undo();
    return [
      ...kept(tallyOf(load.accepted, effects)),
      atMost('from accepted to done, p95', percentile(delays, 0.95), { limit: 1_000 }),
      figure(
        'from accepted to done, p50 and longest',
        `${percentile(delays, 0.5)} and ${percentile(delays, 1)} ms`,
      ),
    ];
  },
};
