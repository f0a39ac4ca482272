import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { CacheLookupEvent } from '@trivet/cache';
import type { JobAddEvent, JobRunEvent } from '@trivet/queue';
import type { GuardedRedis, RedisCommandEvent, RedisServerEvent, RedisStateEvent } from '@trivet/redis';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ObservabilityOptions } from './observability.options.js';
import { OBSERVABILITY_OPTIONS, REDIS_GROUPS } from './observability.tokens.js';

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Turns the facts that the libraries publish into Prometheus metrics. No library knows of it. */
@Injectable()
export class Metrics implements OnApplicationShutdown {
  readonly #registry = new Registry();
  readonly #removals: (() => void)[] = [];

  constructor(
    @Inject(REDIS_GROUPS) groups: readonly GuardedRedis[],
    @Inject(OBSERVABILITY_OPTIONS) { process }: ObservabilityOptions,
  ) {
    this.#registry.setDefaultLabels({ process });
    collectDefaultMetrics({ register: this.#registry });
    this.#measureRedis(groups);
    this.#measureCache();
    this.#measureQueue();
  }

  /** The metrics in Prometheus's text format, and its content type. */
  async text(): Promise<{ readonly body: string; readonly contentType: string }> {
    return { body: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }

  onApplicationShutdown(): void {
    for (const remove of this.#removals) remove();
  }

  #measureRedis(groups: readonly GuardedRedis[]): void {
    const up = this.#gauge('trivet_redis_up', 'Whether a group takes commands of a kind (1) or not (0).', [
      'group',
      'kind',
    ]);
    const transitions = this.#counter('trivet_redis_transitions_total', 'Changes of what a group can do.', [
      'group',
    ]);
    const latency = this.#histogram('trivet_redis_command_seconds', 'Time of guarded calls.', [
      'group',
      'operation',
    ]);
    const failures = this.#counter(
      'trivet_redis_failures_total',
      'Guarded calls without an answer, by reason.',
      ['group', 'operation', 'reason'],
    );
    const changes = this.#counter(
      'trivet_redis_server_changes_total',
      'Failovers, demotions and data losses.',
      ['group', 'change'],
    );
    this.#on<RedisServerEvent>('trivet:redis:server', ({ group, change }) => changes.inc({ group, change }));
    const show = ({ group, reads, writes }: Pick<RedisStateEvent, 'group' | 'reads' | 'writes'>) => {
      up.set({ group, kind: 'read' }, Number(reads === 'up'));
      up.set({ group, kind: 'write' }, Number(writes === 'up'));
    };
    for (const { group, state } of groups) show({ group, ...state });
    this.#on<RedisStateEvent>('trivet:redis:state', (event) => {
      show(event);
      transitions.inc({ group: event.group });
    });
    this.#on<RedisCommandEvent>('trivet:redis:command', ({ group, operation, failure, durationMs }) => {
      latency.observe({ group, operation }, durationMs / 1000);
      if (failure) failures.inc({ group, operation, reason: failure });
    });
  }

  #measureCache(): void {
    const lookups = this.#counter('trivet_cache_lookups_total', 'Cache look-ups by outcome.', ['outcome']);
    const origin = this.#histogram('trivet_cache_origin_seconds', 'Time of origin runs.', []);
    this.#on<CacheLookupEvent>('trivet:cache:lookup', ({ outcome, originMs }) => {
      lookups.inc({ outcome: outcome.toLowerCase() });
      if (originMs !== undefined) origin.observe(originMs / 1000);
    });
  }

  #measureQueue(): void {
    const adds = this.#counter('trivet_queue_adds_total', 'Adds by the lane that took them.', [
      'queue',
      'job',
      'placed',
    ]);
    const ambiguous = this.#counter(
      'trivet_queue_ambiguous_adds_total',
      'Adds that Redis may hold unacknowledged.',
      ['job'],
    );
    const addLatency = this.#histogram('trivet_queue_add_seconds', 'Time until an add was placed.', ['job']);
    const runs = this.#counter('trivet_queue_runs_total', 'Finished runs by lane and outcome.', [
      'job',
      'lane',
      'outcome',
    ]);
    const runLatency = this.#histogram('trivet_queue_run_seconds', 'Time of runs.', ['job', 'lane']);
    this.#on<JobAddEvent>(
      'trivet:queue:add',
      ({ queue, job, placed, ambiguous: isAmbiguous, durationMs, jobs }) => {
        adds.inc({ queue, job, placed }, jobs);
        addLatency.observe({ job }, durationMs / 1000);
        if (isAmbiguous) ambiguous.inc({ job }, jobs);
      },
    );
    this.#on<JobRunEvent>('trivet:queue:job', ({ job, lane, outcome, durationMs }) => {
      runs.inc({ job, lane, outcome });
      runLatency.observe({ job, lane }, durationMs / 1000);
    });
  }

  #on<Event>(channel: string, listener: (event: Event) => void): void {
    const handler = (message: unknown) => listener(message as Event);
    subscribe(channel, handler);
    this.#removals.push(() => unsubscribe(channel, handler));
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, labelNames: string[]): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, labelNames: string[]): Histogram {
    return new Histogram({ name, help, labelNames, buckets: seconds, registers: [this.#registry] });
  }
}
