import { type RestartTimes } from '../../platform/platform.js';
import { type Doors } from '../load/person.js';

/** A running platform under test. */
export interface Subject {
  readonly doors: Doors;
  /** Bases of `/health` and `/metrics` by process; none for a platform that has not told. */
  readonly management: Readonly<Record<string, string>>;
  /** Log lines printed so far, by process. */
  readonly logRecords: Readonly<Record<string, number>>;
  /** Ends all apps and starts them again; the slowest of each counts. */
  restart(): Promise<RestartTimes>;
  stop(): Promise<void>;
}

/** Counts lines by their source. */
export class LineCounter {
  readonly #counts: Record<string, number> = {};
  readonly log = (_line: string, source: string): void => {
    this.#counts[source] = (this.#counts[source] ?? 0) + 1;
  };
  get counts(): Record<string, number> {
    return { ...this.#counts };
  }
}
