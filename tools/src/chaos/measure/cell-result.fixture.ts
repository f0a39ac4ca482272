import { phaseNames, type CellResult, type PhaseResult } from './result.js';

const quiet: PhaseResult = { answers: { '2xx': 100 }, latency: { p50Ms: 4, p99Ms: 10, maxMs: 20 } };

/** A cell in which nothing went wrong, but for what is given. */
export function cellResult(differences: Partial<CellResult> = {}): CellResult {
  return {
    id: 'kill session mid-run',
    fault: 'refused',
    groups: ['session'],
    when: 'mid-run',
    startedAt: '2026-01-01T00:00:00.000Z',
    faultMs: 7_000,
    phases: Object.fromEntries(phaseNames.map((phase) => [phase, quiet])) as CellResult['phases'],
    bins: [],
    wrong: {},
    users: { loggedOutDuring: 0, loggedOutAtEnd: 0, sidsReplaced: 0, revived: 0 },
    jobs: { accepted: 20, done: 20, lost: 0, twice: 0, doneThoughRefused: 0 },
    logRecords: { dashboard: 2, learn: 2, worker: 0 },
    eventLoopLagMs: {},
    fullServiceMs: 300,
    ...differences,
  };
}
