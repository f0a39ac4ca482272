import { expect, it } from '@jest/globals';
import type { JobRun, JobRunner } from '../jobs/job-runner.js';
import { InlineLane } from './inline-lane.js';

const bounds = { maxMs: 1000, concurrency: 5, idempotent: true } as const;
const job = (name: string) => ({ id: name, name, envelope: { version: 1, payload: {} } });

/** A lane whose jobs do `work`. */
function laneOf(work: (run: JobRun) => Promise<void>): InlineLane {
  return new InlineLane({ run: work } as unknown as JobRunner);
}

it('runs a job that a job adds, and no third one within them', async () => {
  const depths: boolean[] = [];
  const lane = laneOf(async () => {
    const deeper = await lane.run(job('note'), bounds);
    depths.push(deeper);
  });
  expect(await lane.run(job('note'), bounds)).toBe(true);
  expect(depths).toEqual([false, true]);
});

it('keeps the place of a job that was given up until it has really ended', async () => {
  let end: () => void = () => undefined;
  const lane = laneOf(() => new Promise<void>((resolve) => (end = resolve)));
  const tight = { ...bounds, maxMs: 20, concurrency: 1 };
  expect(await lane.run(job('slow'), tight)).toBe(false);
  const other = lane.run(job('slow'), tight);
  expect(await other).toBe(false);
  end();
  await lane.drain();
  const third = lane.run(job('slow'), tight);
  end();
  expect(await third).toBe(true);
});

it('tells a job by its signal that its time is up', async () => {
  let aborted = false;
  const lane = laneOf(
    ({ signal }) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('Its time is up.'));
        });
      }),
  );
  expect(await lane.run(job('slow'), { ...bounds, maxMs: 20 })).toBe(false);
  await lane.drain();
  expect(aborted).toBe(true);
});
