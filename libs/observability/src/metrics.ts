import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { GuardedRedis } from '@trivet/redis';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { measureCache } from './cache-metrics.js';
import { Instruments } from './instruments.js';
import type { ObservabilityOptions } from './observability.options.js';
import { OBSERVABILITY_OPTIONS, REDIS_GROUPS } from './observability.tokens.js';
import { measureQueue } from './queue-metrics.js';
import { measureRedis } from './redis-metrics.js';
import { measureSessions } from './session-metrics.js';

/** Turns the facts that the libraries publish into Prometheus metrics. No library knows of it. */
@Injectable()
export class Metrics implements OnApplicationShutdown {
  readonly #registry = new Registry();
  readonly #instruments = new Instruments(this.#registry);

  constructor(
    @Inject(REDIS_GROUPS) groups: readonly GuardedRedis[],
    @Inject(OBSERVABILITY_OPTIONS) { process }: ObservabilityOptions,
  ) {
    this.#registry.setDefaultLabels({ process });
    collectDefaultMetrics({ register: this.#registry });
    measureRedis(this.#instruments, groups);
    measureCache(this.#instruments);
    measureQueue(this.#instruments);
    measureSessions(this.#instruments);
  }

  /** The metrics in Prometheus's text format, and its content type. */
  async text(): Promise<{ readonly body: string; readonly contentType: string }> {
    return { body: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }

  onApplicationShutdown(): void {
    this.#instruments.close();
  }
}
