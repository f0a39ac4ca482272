import { expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

it('sums a counter over the lives of a process, and over processes', () => {
  const metrics = new Metrics({});
  const say = (name: string, duplicates: number) =>
    metrics.read(
      name,
      `# HELP trivet_queue_runs_total Runs.\ntrivet_queue_runs_total{job="a",outcome="duplicate"} ${duplicates}\n` +
        `trivet_queue_runs_total{job="a",outcome="done"} 100\n`,
    );
  say('worker-1', 3);
  say('worker-1', 5);
  say('worker-1', 1); // Killed, and started again.
  say('worker-2', 2);
  expect(metrics.sum(/outcome="duplicate"/)).toBe(8);
});

it('keeps what a process said last while it does not answer', () => {
  const metrics = new Metrics({});
  metrics.read('worker-1', 'trivet_queue_readded_jobs_total 4\n');
  metrics.read('worker-1', '');
  expect(metrics.sum(/readded/)).toBe(4);
});
