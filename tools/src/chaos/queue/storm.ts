import { setTimeout as sleep } from 'node:timers/promises';
import { type Exam, type ExamParts, figure, type Finding, kept } from './exam.js';
import { faultsOf, type StageFault } from './faults.js';
import { Load } from './load.js';
import { Random } from './random.js';
import { type QueueStage } from './stage.js';
import { settle, tallyOf } from './tally.js';

const FEWEST_FAULTS = 8;
const JOBS_PER_FAULT = 5_000;
/** A job whose worker died is found again after its lock of 30 s and a look every 15 s. */
const SETTLE_MS = 180_000;

/** Jobs come at a steady rate while one thing after the other goes wrong, now and then two at once. */
export const storm: Exam = {
  name: 'storm',
  isProxied: true,
  title: ({ jobs, perSecond, seed }) =>
    `${jobs} jobs at ${perSecond}/s through ${faultCount(jobs)} random faults (seed ${seed})`,
  sit: async ({ stage, options, say }) => {
    const { jobs, perSecond, seed } = options;
    const random = new Random(seed);
    const load = new Load(stage.doors, perSecond);
    const faults = faultsOf(faultCount(jobs), random);
    const names = await load.during(() => goThrough(stage, { load, faults, random, jobs, say }));
    say('waiting for what is still under way');
    const effects = await settle(stage.postgres, load.accepted, SETTLE_MS);
    await stage.metrics.look();
    return [...kept(tallyOf(load.accepted, effects)), ...figuresOf(stage, load, names)];
  },
};

const faultCount = (jobs: number): number => Math.max(FEWEST_FAULTS, Math.round(jobs / JOBS_PER_FAULT));

interface Course extends Pick<ExamParts, 'say'> {
  readonly load: Load;
  readonly faults: readonly StageFault[];
  readonly random: Random;
  readonly jobs: number;
}

/** Spreads the faults over the jobs: each gets its share, of which a good half is spent in trouble. */
async function goThrough(stage: QueueStage, { load, faults, random, jobs, say }: Course): Promise<string[]> {
  const names: string[] = [];
  for (const [index, fault] of faults.entries()) {
    const together = random.next() < 0.25 ? [fault, ...partnerOf(fault, faults, random)] : [fault];
    const name = together.map(({ name }) => name).join(' + ');
    say(`${load.sent} of ${jobs} jobs, fault ${index + 1} of ${faults.length}: ${name}`);
    names.push(name);
    const undos: (() => Promise<void>)[] = [];
    for (const { apply } of together) undos.push(await apply(stage));
    await sleep(random.between(500, 3_500));
    for (const undo of undos) await undo();
    const until = ((index + 1) / faults.length) * jobs;
    await sleep(random.between(300, 1_500));
    while (load.sent < until) await sleep(50);
  }
  return names;
}

/** Two at once only of different kinds: the same thing cannot go wrong twice. */
function partnerOf(fault: StageFault, faults: readonly StageFault[], random: Random): StageFault[] {
  const kindOf = ({ name }: StageFault): string => name.split(' ').at(-1) ?? '';
  const others = faults.filter((other) => kindOf(other) !== kindOf(fault));
  return others.length > 0 ? [random.pick(others)] : [];
}

function figuresOf(
  { metrics }: QueueStage,
  { latency, statuses, accepted }: Load,
  faults: readonly string[],
): Finding[] {
  const share = accepted.filter(({ placed }) => placed === 'outbox').length / accepted.length;
  const { 202: taken = 0, 503: refused = 0, 0: unanswered = 0 } = statuses;
  return [
    figure('faults', faults.length),
    figure(
      'answers',
      `${taken} accepted, ${refused} refused with 503, ${unanswered} cut off with their process`,
    ),
    figure(
      'time to be accepted',
      `p50 ${latency.p50Ms} ms, p99 ${latency.p99Ms} ms, longest ${latency.maxMs} ms`,
    ),
    figure('accepted by the outbox', `${(share * 100).toFixed(1)} %`),
    figure('ambiguous adds (metric)', metrics.sum(/ambiguous_adds_total/)),
    figure(
      'duplicates delivered, and not done again (metric)',
      metrics.sum(/runs_total\{.*outcome="duplicate"/),
    ),
    figure('jobs put back after a loss (metric)', metrics.sum(/readded_\w*total/)),
  ];
}
