import type {
  DeadLetterEvent,
  JobAddEvent,
  JobCountsEvent,
  JobRunEvent,
  JobsReaddedEvent,
  OutboxEvent,
  RelayEvent,
} from '@trivet/queue';
import type { Instruments } from './instruments.js';

/** Where jobs go, and what becomes of them. */
export function measureQueue(on: Instruments): void {
  measureAdds(on);
  measureRuns(on);
  measureOutbox(on);
}

function measureAdds(on: Instruments): void {
  const lane = ['queue', 'job', 'placed'];
  const adds = on.counter('trivet_queue_adds_total', 'Adds by the lane that took them.', lane);
  const ambiguous = on.counter(
    'trivet_queue_ambiguous_adds_total',
    'Adds that Redis may hold unacknowledged.',
    ['job'],
  );
  const latency = on.histogram('trivet_queue_add_seconds', 'Time until an add was placed.', ['job']);
  on.fact<JobAddEvent>('trivet:queue:add', (event) => {
    const { queue, job, placed, jobs, durationMs } = event;
    adds.inc({ queue, job, placed }, jobs);
    latency.observe({ job }, durationMs / 1000);
    if (event.ambiguous) ambiguous.inc({ job }, jobs);
  });
}

function measureRuns(on: Instruments): void {
  const runs = on.counter('trivet_queue_runs_total', 'Finished runs by lane and outcome.', [
    'job',
    'lane',
    'outcome',
  ]);
  const duplicates = on.counter(
    'trivet_queue_duplicates_total',
    'Jobs that were delivered again after their effect was made.',
    ['job', 'lane'],
  );
  const latency = on.histogram('trivet_queue_run_seconds', 'Time of runs.', ['job', 'lane']);
  const jobs = on.gauge('trivet_queue_jobs', "Jobs in a queue's Redis, by state.", ['queue', 'state']);
  const dead = on.counter(
    'trivet_queue_dead_letters_total',
    'Jobs that will not be tried again by themselves.',
    ['queue', 'job', 'reason'],
  );
  on.fact<JobRunEvent>('trivet:queue:job', ({ job, lane, outcome, durationMs }) => {
    runs.inc({ job, lane, outcome });
    if (outcome === 'duplicate') duplicates.inc({ job, lane });
    latency.observe({ job, lane }, durationMs / 1000);
  });
  on.fact<JobCountsEvent>('trivet:queue:counts', ({ queue, counts }) => {
    for (const [state, count] of Object.entries(counts)) jobs.set({ queue, state }, count);
  });
  on.fact<DeadLetterEvent>('trivet:queue:dead', ({ queue, job, reason }) => dead.inc({ queue, job, reason }));
}

function measureOutbox(on: Instruments): void {
  const rows = on.gauge('trivet_queue_outbox_rows', 'Jobs that wait in the outbox.', ['queue']);
  const bytes = on.gauge('trivet_queue_outbox_bytes', 'Payload that waits in the outbox.', ['queue']);
  const age = on.gauge(
    'trivet_queue_outbox_oldest_seconds',
    'Age of the oldest job that is due in the outbox.',
    ['queue'],
  );
  const relayed = on.counter('trivet_queue_relayed_total', 'Jobs sent from the outbox to Redis.', ['queue']);
  const latency = on.histogram('trivet_queue_relay_seconds', 'Time of one bulk of the relay.', ['queue']);
  const readded = on.counter(
    'trivet_queue_readded_total',
    'Jobs sent again because Redis may have lost them.',
    [],
  );
  on.fact<OutboxEvent>('trivet:queue:outbox', (event) => {
    const { queue } = event;
    rows.set({ queue }, event.rows);
    bytes.set({ queue }, event.bytes);
    age.set({ queue }, event.oldestSeconds);
  });
  on.fact<RelayEvent>('trivet:queue:relay', (event) => {
    relayed.inc({ queue: event.queue }, event.rows);
    latency.observe({ queue: event.queue }, event.durationMs / 1000);
  });
  on.fact<JobsReaddedEvent>('trivet:queue:readded', ({ jobs }) => readded.inc(jobs));
}
