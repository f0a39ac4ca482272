import { type AnswerClass } from '../measure/classify.js';
import { percentile } from '../measure/percentile.js';
import { type CellResult, type PhaseName } from '../measure/result.js';

/** What DESIGN section 10 allows, by the name under which a breach is reported. */
export const budgets = {
  addedWhileDetectingMs: { title: 'p99 added while detecting, ms per group', limit: 250 },
  addedWhileOpenMs: { title: 'p99 added in the open state, ms', limit: 15 },
  undeclared5xx: { title: '5xx that no route declares', limit: 0 },
  timeouts: { title: 'no answer within 5 s', limit: 0 },
  resets: { title: 'connections reset', limit: 0 },
  truncated: { title: 'answers cut off', limit: 0 },
  unexpected: { title: 'other wrong answers', limit: 0 },
  loggedOutDuring: { title: 'users answered as guests', limit: 0 },
  loggedOutAtEnd: { title: 'users logged out for good', limit: 0 },
  sidsReplaced: { title: 'session ids replaced', limit: 0 },
  revived: { title: 'ended sessions that work', limit: 0 },
  jobsLost: { title: 'jobs lost', limit: 0 },
  jobsTwice: { title: 'jobs done twice', limit: 0 },
  logRecords: { title: 'log records per transition and process', limit: 1 },
  fullServiceMs: { title: 'ms to full service', limit: 1_000 },
  bootAddedMs: { title: 'ms added to the start', limit: 200 },
  stopMs: { title: 'ms from SIGTERM to exit', limit: 10_000 },
  measured: { title: 'the cell could not be measured', limit: 0 },
} as const;
export type Budget = keyof typeof budgets;

/** Those that a machine's mood may break; all others count what became of people, answers and jobs. */
export const timings: ReadonlySet<Budget> = new Set([
  'addedWhileDetectingMs',
  'addedWhileOpenMs',
  'fullServiceMs',
  'bootAddedMs',
]);

/** A budget that a cell did not keep to. */
export interface Breach {
  readonly budget: Budget;
  readonly value: number;
}

/** Stands for "never". */
export const NEVER_MS = 999_999;

const faultPhases: readonly PhaseName[] = ['detecting', 'open', 'recovering', 'recovered'];

/** What the machine does without any fault. */
export interface Weather {
  /** p99 in the middle of all baselines. */
  readonly p99Ms: number;
  /** How far p99 moves; added to the latency budgets. */
  readonly noiseMs: number;
}

/** The budgets that the cell breaks. */
export function judge(cell: CellResult, { p99Ms, noiseMs }: Weather): Breach[] {
  const values = valuesOf(cell, p99Ms);
  const allowance: Partial<Record<Budget, number>> = {
    addedWhileDetectingMs: noiseMs,
    addedWhileOpenMs: noiseMs,
    bootAddedMs: noiseMs,
  };
  return (Object.keys(budgets) as Budget[])
    .map((budget) => ({ budget, value: values[budget] }))
    .filter(({ budget, value }) => value > budgets[budget].limit + (allowance[budget] ?? 0));
}

function valuesOf(cell: CellResult, usualP99Ms: number): Record<Budget, number> {
  const { phases, users, jobs, restart, groups } = cell;
  // A baseline of two seconds may have been lucky.
  const healthyMs = Math.max(phases.baseline.latency.p99Ms, usualP99Ms);
  const added = (phase: PhaseName): number => Math.round(phases[phase].latency.p99Ms - healthyMs);
  const answers = (name: AnswerClass): number =>
    faultPhases.reduce((sum, phase) => sum + (phases[phase].answers[name] ?? 0), 0);
  // Each group goes and comes back. In a boot cell the process that ends sees it go as well as the one that starts.
  const transitions = (cell.when === 'boot' ? 3 : 2) * groups.length;
  return {
    addedWhileDetectingMs: added('detecting') / groups.length,
    addedWhileOpenMs: added('open'),
    undeclared5xx: answers('undeclared5xx'),
    timeouts: answers('timeout'),
    resets: answers('reset'),
    truncated: answers('truncated'),
    unexpected: answers('unexpected'),
    loggedOutDuring: users.loggedOutDuring,
    loggedOutAtEnd: users.loggedOutAtEnd,
    sidsReplaced: users.sidsReplaced,
    revived: users.revived,
    jobsLost: jobs.lost,
    jobsTwice: jobs.twice,
    logRecords: Math.max(0, ...Object.values(cell.logRecords)) / transitions,
    fullServiceMs: cell.fullServiceMs ?? NEVER_MS,
    bootAddedMs: restart ? Math.round(restart.startMs - restart.healthyStartMs) : 0,
    stopMs: restart?.stopMs ?? 0,
    measured: cell.failure === undefined ? 0 : 1,
  };
}

/** The middle of a run's baselines, and the distance from there to the slowest tenth. */
export function weatherOf(cells: readonly CellResult[]): Weather {
  const baselines = cells.map(({ phases }) => phases.baseline.latency.p99Ms);
  const p99Ms = percentile(baselines, 0.5);
  return { p99Ms, noiseMs: Math.round(percentile(baselines, 0.9) - p99Ms) };
}
