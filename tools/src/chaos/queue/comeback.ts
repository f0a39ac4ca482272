import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from '@trivet/fault-kit';
import { atMost, type Exam, type ExamParts, type Finding } from './exam.js';
import { Load } from './load.js';
import { type QueueStage } from './stage.js';
import { type Effects, settle, tallyOf } from './tally.js';

const PER_SECOND = 50;
const OUTAGES_SECONDS = [8, 40];
const AFTERWARDS_MS = 4_000;
const SETTLE_MS = 60_000;
const LIMIT_MS = 1_000;

/** Redis comes back: how long until a job goes through it again, from the add to the effect. */
export const comeback: Exam = {
  name: 'return',
  title: () => `the first job through Redis after ${OUTAGES_SECONDS.join(' s and ')} s without it`,
  sit: async ({ stage, say }) => {
    const findings: Finding[] = [];
    for (const seconds of OUTAGES_SECONDS) findings.push(...(await comeBackAfter(stage, seconds, say)));
    return findings;
  },
};

async function comeBackAfter(stage: QueueStage, seconds: number, say: ExamParts['say']): Promise<Finding[]> {
  say(`${seconds} s without Redis`);
  const load = new Load(stage.doors, PER_SECOND);
  const backAt = await load.during(async () => {
    const undo = await faults.refused.apply(stage.redis);
    await sleep(seconds * 1_000);
    await undo();
    const now = Date.now();
    await sleep(AFTERWARDS_MS);
    return now;
  });
  const effects = await settle(stage.postgres, load.accepted, SETTLE_MS);
  const { lost } = tallyOf(load.accepted, effects);
  return [
    { what: `${seconds} s: accepted and not done`, is: String(lost), holds: lost === 0 },
    atMost(`${seconds} s: first job through Redis after its return`, firstThrough(load, effects, backAt), {
      limit: LIMIT_MS,
    }),
  ];
}

/** When the first job that Redis took after its return was done. */
function firstThrough({ accepted }: Load, effects: Effects, backAt: number): number {
  const done = accepted
    .filter(({ placed, at }) => placed === 'queue' && at >= backAt)
    .map(({ id }) => (effects.get(id)?.[0] ?? Infinity) - backAt);
  return Math.min(...done, Infinity);
}
