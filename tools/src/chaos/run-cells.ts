import { inspect } from 'node:util';
import { Jobs } from './load/jobs.js';
import { untilFullService } from './measure/full-service.js';
import { linesSince } from './measure/process-facts.js';
import { type CellResult, phaseNames } from './measure/result.js';
import { type Cell } from './cells.js';
import { Crowd } from './load/crowd.js';
import { runCell, type Stage } from './run-cell.js';
import { Arena } from './subject/arena.js';
import { type Subject } from './subject/subject.js';

const FULL_SERVICE_LIMIT_MS = 10_000;
const REHEARSALS = 3;

/** How to run cells. */
export interface RunOptions {
  readonly command: string | undefined;
  readonly signal: AbortSignal;
  readonly onStart: (cell: Cell) => void;
  readonly onEnd: (result: CellResult) => Promise<void>;
}

/** Runs the cells one after the other, on one stage as long as it serves. */
export async function runCells(cells: readonly Cell[], options: RunOptions): Promise<void> {
  let stage: Stage | undefined;
  try {
    for (const [index, cell] of cells.entries()) {
      if (options.signal.aborted) return;
      options.onStart(cell);
      const before = cells[index - 1];
      if (before?.fault.topology !== cell.fault.topology) {
        await stage?.arena.stop();
        stage = undefined;
      }
      let result: CellResult;
      try {
        stage ??= await setStage(cell, options);
        result = await runCell(cell, stage);
      } catch (error) {
        result = failed(cell, error);
      }
      await options.onEnd(result);
      // What did not come back would spoil the next cell.
      if (result.failure !== undefined) {
        await stage?.arena.stop();
        stage = undefined;
      } else if (result.jobs.lost > 0) await stage?.arena.subject.restart();
    }
  } finally {
    await stage?.arena.stop();
  }
}

async function setStage({ fault }: Cell, { command, signal }: RunOptions): Promise<Stage> {
  const arena = await Arena.start(fault.topology, command, signal);
  try {
    const { subject } = arena;
    const healthy = await rehearse(subject);
    const crowd = new Crowd(subject.doors);
    await crowd.gather();
    const scene = { subject, watcher: crowd.watcher, jobs: new Jobs(crowd, 'chaos before all faults') };
    if ((await untilFullService(scene, FULL_SERVICE_LIMIT_MS)) === null)
      throw new Error('There is no full service, though no fault is on yet.');
    return { arena, crowd, healthy };
  } catch (error) {
    await arena.stop();
    throw error;
  }
}

/** What a start takes, the slowest of some because no two take the same, and prints, without any fault. */
async function rehearse(subject: Subject): Promise<Stage['healthy']> {
  let slowestMs = 0;
  let before = { ...subject.logRecords };
  for (let start = 0; start < REHEARSALS; start += 1) {
    before = { ...subject.logRecords };
    slowestMs = Math.max(slowestMs, (await subject.restart()).startMs);
  }
  return { startMs: slowestMs, logRecords: linesSince(subject, before) };
}

/** A cell that could not be measured to its end is a result too, and a red one. */
function failed({ id, fault, groups, when }: Cell, error: unknown): CellResult {
  const nothing = { answers: {}, latency: { p50Ms: 0, p99Ms: 0, maxMs: 0 } };
  return {
    id,
    fault: fault.name,
    groups,
    when,
    startedAt: new Date().toISOString(),
    faultMs: 0,
    phases: Object.fromEntries(phaseNames.map((phase) => [phase, nothing])) as CellResult['phases'],
    bins: [],
    wrong: {},
    users: { loggedOutDuring: 0, loggedOutAtEnd: 0, sidsReplaced: 0, revived: 0 },
    jobs: { accepted: 0, done: 0, lost: 0, twice: 0, doneThoughRefused: 0 },
    logRecords: {},
    eventLoopLagMs: {},
    fullServiceMs: null,
    failure: error instanceof Error ? error.message : inspect(error),
  };
}
