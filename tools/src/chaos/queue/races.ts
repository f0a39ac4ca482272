import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from '@trivet/fault-kit';
import { type Placed, post } from './client.js';
import { type Exam, figure, kept } from './exam.js';
import { settle, tallyOf } from './tally.js';

const AT_ONCE = 50;
const SETTLE_MS = 120_000;
const FLIP_MS = 700;

/** The same job goes into the outbox and into Redis at once, while Redis dies and comes back again and again. */
export const races: Exam = {
  name: 'races',
  title: ({ races: count }) => `${count} jobs that go two ways at once, with a Redis that comes and goes`,
  sit: async ({ stage, options, say }) => {
    const accepted: Placed[] = [];
    let isOver = false;
    const flap = async (): Promise<void> => {
      while (!isOver) {
        await sleep(FLIP_MS);
        const undo = await faults.refused.apply(stage.redis);
        await sleep(FLIP_MS / 2);
        await undo();
      }
    };
    const race = async (): Promise<void> => {
      for (let turn = 0; accepted.length < options.races && !isOver; turn++) {
        say(`${accepted.length} of ${options.races} races`);
        const reply = await post(stage.doors[turn % 2] as number, `/races?count=${AT_ONCE}`);
        accepted.push(...reply.accepted);
      }
    };
    // Whichever ends, by itself or with an error, ends the other.
    await Promise.all([flap, race].map((run) => run().finally(() => (isOver = true))));
    const effects = await settle(stage.postgres, accepted, SETTLE_MS);
    await stage.metrics.look();
    return [
      ...kept(tallyOf(accepted, effects)),
      figure(
        'duplicates delivered, and not done again (metric)',
        stage.metrics.sum(/runs_total\{.*outcome="duplicate"/),
      ),
    ];
  },
};
