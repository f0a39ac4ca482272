import { performance } from 'node:perf_hooks';

/**
 * The Redis server's clock, as far as this process knows it: lives of values are measured on one clock, so that processes
 * whose own clocks differ agree on them. Until a reply has told the time it is the process's own.
 */
export class ServerClock {
  #offset = performance.timeOrigin;

  /** A clock that only goes forward, milliseconds. */
  monotonic(): number {
    return performance.now();
  }

  /** The server's time at the moment that {@link ServerClock.monotonic} shows. */
  at(monotonic: number): number {
    return monotonic + this.#offset;
  }

  now(): number {
    return this.at(this.monotonic());
  }

  /** A reply that has just come told the server's time, milliseconds. */
  learn(serverMs: number): void {
    this.#offset = serverMs - this.monotonic();
  }
}
