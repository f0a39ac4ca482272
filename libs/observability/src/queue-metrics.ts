import type { JobAddEvent, JobRunEvent } from '@trivet/queue';
import type { Instruments } from './instruments.js';

/** Where jobs go, and what becomes of them. */
export function measureQueue(on: Instruments): void {
  const adds = on.counter('trivet_queue_adds_total', 'Adds by the lane that took them.', [
    'queue',
    'job',
    'placed',
  ]);
  const ambiguous = on.counter(
    'trivet_queue_ambiguous_adds_total',
    'Adds that Redis may hold unacknowledged.',
    ['job'],
  );
  const addLatency = on.histogram('trivet_queue_add_seconds', 'Time until an add was placed.', ['job']);
  const runs = on.counter('trivet_queue_runs_total', 'Finished runs by lane and outcome.', [
    'job',
    'lane',
    'outcome',
  ]);
  const runLatency = on.histogram('trivet_queue_run_seconds', 'Time of runs.', ['job', 'lane']);
  on.fact<JobAddEvent>(
    'trivet:queue:add',
    ({ queue, job, placed, ambiguous: isAmbiguous, durationMs, jobs }) => {
      adds.inc({ queue, job, placed }, jobs);
      addLatency.observe({ job }, durationMs / 1000);
      if (isAmbiguous) ambiguous.inc({ job }, jobs);
    },
  );
  on.fact<JobRunEvent>('trivet:queue:job', ({ job, lane, outcome, durationMs }) => {
    runs.inc({ job, lane, outcome });
    runLatency.observe({ job, lane }, durationMs / 1000);
  });
}
