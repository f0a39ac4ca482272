import { expect, it } from '@jest/globals';
import type { Database } from '@trivet/database';
import { z } from 'zod';
import { defineJob } from './job.js';
import { JobRunner, type JobRun } from './job-runner.js';

const job = defineJob({ name: 'wait', queue: 'waits', payload: z.object({}) });
const run: JobRun = {
  id: 'a',
  name: job.name,
  envelope: { version: 1, payload: {} },
  lane: 'queue',
  signal: new AbortController().signal,
};
/** Takes every claim; what a real one says is the ledger's spec. */
const database = {
  transactionAfter: (_claim: unknown, work: (tx: unknown, claimed: number) => unknown) => work({}, 1),
} as unknown as Database;

it('is idle from the end of its last job on, also of one that failed', async () => {
  const ends: (() => void)[] = [];
  const runner = new JobRunner(database);
  const handler = { job, handle: () => new Promise<void>((resolve) => ends.push(resolve)) };
  runner.register([handler]);
  expect(runner.idleMs).toBe(Infinity);
  await expect(runner.run({ ...run, name: 'unknown' })).rejects.toThrow('unknown');
  expect(runner.idleMs).toBeLessThan(Infinity);
  const [first, second] = [runner.run(run), runner.run({ ...run, id: 'b' })];
  expect(runner.idleMs).toBe(0);
  ends[0]?.();
  await first;
  expect(runner.idleMs).toBe(0);
  ends[1]?.();
  await second;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runner.idleMs).toBeGreaterThan(10);
});
