import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../measure/percentile.js';
import { atMost, type Exam, figure, type Finding, kept } from './exam.js';
import { Load } from './load.js';
import { delaysOf, settle, tallyOf } from './tally.js';

const PER_SECOND = 100;
const WARM_MS = 3_000;
const MS = 15_000;
const SETTLE_MS = 30_000;

/** How each way is asked for, and how soon a job that took it has to be done. */
const ways = [
  { name: 'through Redis', path: '/jobs', limit: 100 },
  { name: 'from its commit in the outbox', path: '/outbox?count=1', limit: 100 },
];

/** All is well: how soon is a job done? */
export const healthy: Exam = {
  name: 'healthy',
  title: () => `${PER_SECOND} jobs/s while all is well, through Redis and through the outbox`,
  sit: async ({ stage, say }) => {
    const findings: Finding[] = [];
    for (const { name, path, limit } of ways) {
      say(name);
      const warm = new Load(stage.doors, PER_SECOND, path);
      const load = new Load(stage.doors, PER_SECOND, path);
      for (const [each, ms] of [[warm, WARM_MS] as const, [load, MS] as const]) {
        each.start();
        await sleep(ms);
        await each.stop();
      }
      const effects = await settle(stage.postgres, [...warm.accepted, ...load.accepted], SETTLE_MS);
      const delays = delaysOf(load.accepted, effects);
      findings.push(
        ...kept(tallyOf([...warm.accepted, ...load.accepted], effects)).slice(0, 2),
        atMost(`${name} to its end, p99`, percentile(delays, 0.99), { limit }),
        figure(`${name} to its end, p50`, `${percentile(delays, 0.5)} ms`),
      );
    }
    return findings;
  },
};
