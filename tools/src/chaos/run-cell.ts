import { setTimeout as sleep } from 'node:timers/promises';
import { type Undo } from '@trivet/fault-kit';
import { type RestartTimes } from '../platform/platform.js';
import { type Cell } from './cells.js';
import { type Crowd } from './load/crowd.js';
import { Jobs } from './load/jobs.js';
import { Load } from './load/load.js';
import { untilFullService, type Scene } from './measure/full-service.js';
import { linesSince, readEventLoopLag } from './measure/process-facts.js';
import { Recorder } from './measure/recorder.js';
import { type CellResult, type UserCounts } from './measure/result.js';
import { type Arena } from './subject/arena.js';

const WARM_UP_MS = 500;
const BASELINE_MS = 2_000;
const DETECTING_MS = 1_500;
const OPEN_MS = 3_000;
const RECOVERY_LIMIT_MS = 10_000;
const RECOVERED_MS = 1_500;
const JOBS_LIMIT_MS = 15_000;

/** Where a cell is run. */
export interface Stage {
  readonly arena: Arena;
  readonly crowd: Crowd;
  /** What a start without a fault takes and prints, at most. */
  readonly healthy: { readonly startMs: number; readonly logRecords: Readonly<Record<string, number>> };
}

/** Runs one cell to its end: baseline, fault, recovery, and a look at what became of everybody and every job. */
export async function runCell(cell: Cell, stage: Stage): Promise<CellResult> {
  const { arena, crowd } = stage;
  const startedAt = new Date();
  const recorder = new Recorder();
  const jobs = new Jobs(crowd, `chaos ${cell.id} ${startedAt.getTime()}`);
  const load = new Load(crowd, recorder, jobs);
  const sidsBefore = sidsReplaced(crowd);
  await arena.forgetCertificates();
  try {
    await baseline(cell, arena, load);
    const linesBefore = { ...arena.subject.logRecords };
    const { healthy } = stage;
    const faultAt = performance.now();
    const { undo, restart } = await putOn(cell, arena, load, recorder);
    const eventLoopLagMs = await readEventLoopLag(arena.subject);
    await undo();
    const faultMs = performance.now() - faultAt;
    recorder.phase = 'recovering';
    const scene = { ...arena, watcher: crowd.watcher, jobs };
    const fullServiceMs = await untilFullService(scene, RECOVERY_LIMIT_MS);
    const lines = linesSince(arena.subject, linesBefore);
    const logRecords = restart ? without(lines, healthy.logRecords) : lines;
    recorder.phase = 'recovered';
    await sleep(RECOVERED_MS);
    await load.stop();
    if (fullServiceMs === null) await startAnew(scene);
    const users = await lookAtUsers(crowd, load, sidsBefore);
    await crowd.gather();
    return {
      id: cell.id,
      fault: cell.fault.name,
      groups: cell.groups,
      when: cell.when,
      startedAt: startedAt.toISOString(),
      faultMs,
      phases: recorder.phases(),
      bins: recorder.bins(faultAt),
      wrong: recorder.wrong,
      users,
      jobs: await jobs.settle(JOBS_LIMIT_MS),
      logRecords,
      eventLoopLagMs,
      fullServiceMs,
      ...(restart && { restart: { ...restart, healthyStartMs: healthy.startMs } }),
    };
  } finally {
    await load.stop();
  }
}

/**
 * What an operator does when service does not come back by itself. What is lost after this is lost for good.
 *
 * @throws Error when that does not help either
 */
async function startAnew(scene: Scene): Promise<void> {
  await scene.subject.restart();
  if ((await untilFullService(scene, RECOVERY_LIMIT_MS)) === null)
    throw new Error('There was no full service again, not even after a restart of all apps.');
}

async function baseline({ groups }: Cell, { targets, subject }: Arena, load: Load): Promise<void> {
  load.start();
  await sleep(WARM_UP_MS);
  for (const group of groups) if (targets[group].topology !== 'sentinel') await targets[group].snapshot();
  await sleep(BASELINE_MS);
  await readEventLoopLag(subject);
}

interface FaultOn {
  readonly undo: Undo;
  readonly restart: RestartTimes | undefined;
}

/** Puts the fault on, at boot or under load, and lets it work. If something fails here it is taken off at once. */
async function putOn(
  { fault, groups, when }: Cell,
  arena: Arena,
  load: Load,
  recorder: Recorder,
): Promise<FaultOn> {
  const undos: Undo[] = [];
  const undo = async (): Promise<void> => {
    await Promise.all(undos.map((undoOne) => undoOne()));
  };
  try {
    if (when === 'boot') await load.stop();
    recorder.phase = 'detecting';
    for (const group of groups) undos.push(await fault.apply(arena.targets[group]));
    const restart = when === 'boot' ? await arena.subject.restart() : undefined;
    if (when === 'boot') load.start();
    await sleep(DETECTING_MS);
    recorder.phase = 'open';
    await sleep(OPEN_MS);
    return { undo, restart };
  } catch (error) {
    await undo();
    throw error;
  }
}

async function lookAtUsers(crowd: Crowd, load: Load, sidsBefore: number): Promise<UserCounts> {
  return {
    loggedOutDuring: load.guests.size,
    loggedOutAtEnd: await crowd.countLoggedOut(),
    sidsReplaced: sidsReplaced(crowd) - sidsBefore,
    revived: await load.others.countRevived(),
  };
}

/** What a restart prints anyway does not count. */
const without = (lines: Readonly<Record<string, number>>, usual: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(lines).map(([name, count]) => [name, Math.max(0, count - (usual[name] ?? 0))]),
  );

const sidsReplaced = ({ learners }: Crowd): number =>
  learners.reduce((sum, person) => sum + person.sidsReplaced, 0);
