import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Makes the metrics of one registry, and feeds them from the channels on which libraries publish facts. */
export class Instruments {
  readonly #removals: (() => void)[] = [];

  constructor(private readonly registry: Registry) {}

  fact<Event>(channel: string, listener: (event: Event) => void): void {
    const handler = (message: unknown) => listener(message as Event);
    subscribe(channel, handler);
    this.#removals.push(() => unsubscribe(channel, handler));
  }

  counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  gauge(name: string, help: string, labelNames: string[]): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  histogram(name: string, help: string, labelNames: string[]): Histogram {
    return new Histogram({ name, help, labelNames, buckets: seconds, registers: [this.registry] });
  }

  /** Listens to nothing any more. */
  close(): void {
    for (const remove of this.#removals) remove();
  }
}
