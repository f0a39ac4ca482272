import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../measure/percentile.js';
import { atMost, type Exam, figure, type Finding, kept } from './exam.js';
import { type Accepted, Load } from './load.js';
import { delaysOf, readEffects, settle, tallyOf } from './tally.js';

const PER_SECOND = 100;
const WARM_MS = 3_000;
const MS = 15_000;
const SETTLE_MS = 30_000;
const LIMIT_MS = 100;

const ways = [
  { name: 'through Redis', path: '/jobs' },
  { name: 'from its commit in the outbox', path: '/outbox?count=1' },
];

/** All is well: how soon is a job done? */
export const healthy: Exam = {
  name: 'healthy',
  title: () => `${PER_SECOND} jobs/s while all is well, through Redis and through the outbox`,
  sit: async ({ stage, say }) => {
    const accepted: Accepted[] = [];
    const figures: Finding[] = [];
    const addFor = async (ms: number, path: string): Promise<readonly Accepted[]> => {
      const load = new Load(stage.doors, PER_SECOND, path);
      await load.during(() => sleep(ms));
      accepted.push(...load.accepted);
      return load.accepted;
    };
    for (const { name, path } of ways) {
      say(name);
      await addFor(WARM_MS, path);
      const measured = await addFor(MS, path);
      const delays = delaysOf(measured, await settle(stage.postgres, accepted, SETTLE_MS));
      figures.push(
        atMost(`${name} to its end, p99`, percentile(delays, 0.99), { limit: LIMIT_MS }),
        figure(`${name} to its end, p50`, `${percentile(delays, 0.5)} ms`),
      );
    }
    return [...kept(tallyOf(accepted, await readEffects(stage.postgres))), ...figures];
  },
};
