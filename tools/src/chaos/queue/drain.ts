import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from '@trivet/fault-kit';
import { post, type Placed } from './client.js';
import { type Exam, figure, type Finding, kept } from './exam.js';
import { Load } from './load.js';
import { type QueueStage } from './stage.js';
import { settle, tallyOf } from './tally.js';

const PER_SECOND = 100;
const BACKLOG = 20_000;
const BULK = 1_000;
/** About as long as a drain takes, so that the machine's own hiccups have the same chance in both. */
const BASELINE_MS = 30_000;
const POLL_MS = 100;
const LONGEST_DRAIN_MS = 120_000;
const LONGEST_COMEBACK_MS = 30_000;
const SETTLE_MS = 60_000;

/** A backlog is drained while jobs keep coming: what the living pay for the dead. */
export const drain: Exam = {
  name: 'drain',
  title: () => `${BACKLOG} jobs of an outage are drained while ${PER_SECOND} jobs/s keep coming`,
  sit: async ({ stage, say }) => {
    say('draining once unmeasured, for the compilers');
    const first = await pileUp(stage);
    await settle(stage.postgres, first, SETTLE_MS);
    say('as it is without a backlog');
    const usual = new Load(stage.doors, PER_SECOND);
    await usual.during(() => sleep(BASELINE_MS));
    say('making a backlog');
    const backlog = await pileUp(stage);
    say('draining');
    const live = new Load(stage.doors, PER_SECOND);
    const startedAt = performance.now();
    const drainedMs = await live.during(() => drained(stage));
    const all = [...first, ...usual.accepted, ...backlog, ...live.accepted];
    const effects = await settle(stage.postgres, all, SETTLE_MS);
    const doneMs = performance.now() - startedAt;
    return [
      ...kept(tallyOf(all, effects)),
      ...figuresOf({ usual, live, drainedMs, doneMs, jobs: backlog.length }),
    ];
  },
};

/** Nobody works it off meanwhile: Redis is down, and the workers stand still. */
async function pileUp(stage: QueueStage): Promise<Placed[]> {
  const tellWorkers = (signal: NodeJS.Signals) => {
    stage.signal('worker-1', signal);
    stage.signal('worker-2', signal);
  };
  tellWorkers('SIGSTOP');
  const undo = await faults.refused.apply(stage.redis);
  const backlog: Placed[] = [];
  try {
    while (backlog.length < BACKLOG) {
      const { accepted } = await post(stage.doors[0] as number, `/outbox?count=${BULK}`);
      backlog.push(...accepted);
    }
    await undo();
    for (const door of stage.doors) await backAt(door, backlog);
  } finally {
    await undo();
    tellWorkers('SIGCONT');
  }
  return backlog;
}

/** What an add costs while Redis is being found again is another promise. */
async function backAt(door: number, accepted: Placed[]): Promise<void> {
  const limit = performance.now() + LONGEST_COMEBACK_MS;
  for (let isBack = false; !isBack; await sleep(POLL_MS)) {
    if (performance.now() > limit)
      throw new Error(`Nothing went into the queue within ${LONGEST_COMEBACK_MS} ms.`);
    const reply = await post(door, '/jobs');
    accepted.push(...reply.accepted);
    isBack = reply.accepted.some(({ placed }) => placed === 'queue');
  }
}

/** How long the backlog takes to leave the outbox, in milliseconds. */
async function drained({ postgres }: QueueStage): Promise<number> {
  const startedAt = performance.now();
  const waiting = 'select 1 from queue.outbox where sent_at is null limit 1';
  while ((await postgres.ask(waiting)).length > 0 && performance.now() - startedAt < LONGEST_DRAIN_MS) {
    await sleep(POLL_MS);
  }
  return performance.now() - startedAt;
}

interface Drained {
  readonly usual: Load;
  readonly live: Load;
  readonly drainedMs: number;
  readonly doneMs: number;
  readonly jobs: number;
}

function figuresOf({ usual, live, drainedMs, doneMs, jobs }: Drained): Finding[] {
  const [before, during] = [usual.latency, live.latency];
  return [
    figure(
      'drained',
      `${jobs} rows in ${(drainedMs / 1_000).toFixed(1)} s, ${Math.round((jobs / drainedMs) * 1_000)}/s`,
    ),
    figure('all of them done', `after ${(doneMs / 1_000).toFixed(1)} s`),
    figure('add p99 without a backlog', `${before.p99Ms} ms`),
    {
      what: 'add p99 while draining, under twice the usual',
      is: `${during.p99Ms} ms`,
      holds: during.p99Ms < 2 * before.p99Ms,
    },
  ];
}
