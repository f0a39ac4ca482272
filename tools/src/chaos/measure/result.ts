import { type GroupName } from '../../workspace.js';
import { type When } from '../cells.js';
import { type AnswerClass } from './classify.js';
import { type Latency } from './percentile.js';

/** Before the fault, its first two seconds, the rest of it, and from full service on. */
export const phaseNames = ['baseline', 'detecting', 'open', 'recovering', 'recovered'] as const;
export type PhaseName = (typeof phaseNames)[number];

export type Counts = Readonly<Partial<Record<AnswerClass, number>>>;

/** What was answered in a phase, and how fast; password hashing is not in the latencies. */
export interface PhaseResult {
  readonly answers: Counts;
  readonly latency: Latency;
}

/** A quarter of a second of the timeline. */
export interface Bin {
  /** Start, relative to the moment the fault was on. */
  readonly atMs: number;
  readonly answers: Counts;
  readonly p50Ms: number;
  readonly maxMs: number;
}

export interface UserCounts {
  /** Answered as a guest at least once while the fault was on, or while it ended. */
  readonly loggedOutDuring: number;
  readonly loggedOutAtEnd: number;
  readonly sidsReplaced: number;
  /** Sessions that still worked after a logout or revocation that was answered 204. */
  readonly revived: number;
}

export interface JobCounts {
  readonly accepted: number;
  readonly done: number;
  readonly lost: number;
  readonly twice: number;
  /** Done although the person was told that they were refused, or was told nothing. */
  readonly doneThoughRefused: number;
}

export interface RestartResult {
  /** SIGTERM to exit with the fault on, slowest process. */
  readonly stopMs: number;
  /** Start to ready with the fault on, slowest process. */
  readonly startMs: number;
  /** The same without a fault. */
  readonly healthyStartMs: number;
}

/** Everything measured in one cell. */
export interface CellResult {
  readonly id: string;
  readonly fault: string;
  readonly groups: readonly GroupName[];
  readonly when: When;
  readonly startedAt: string;
  readonly faultMs: number;
  readonly phases: Readonly<Record<PhaseName, PhaseResult>>;
  readonly bins: readonly Bin[];
  /** What went wrong, by request: `GET /api/devices: undeclared5xx 503`. */
  readonly wrong: Readonly<Record<string, number>>;
  readonly users: UserCounts;
  readonly jobs: JobCounts;
  /** Lines printed from the fault's beginning to full service. */
  readonly logRecords: Readonly<Record<string, number>>;
  readonly eventLoopLagMs: Readonly<Record<string, { readonly p99Ms: number; readonly maxMs: number }>>;
  /** From the fault's end; null when it did not come within the limit. */
  readonly fullServiceMs: number | null;
  readonly restart?: RestartResult;
  /** Why the cell could not be measured to its end. */
  readonly failure?: string;
}
