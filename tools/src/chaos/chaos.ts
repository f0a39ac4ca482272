import { writeFile } from 'node:fs/promises';
import { cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '../workspace.js';
import { allCells } from './cells.js';
import { flips } from './flips.js';
import { compare, readExpected, type Expected } from './judge/expected.js';
import { judge, timings, weatherOf } from './judge/judge.js';
import type { CellResult } from './measure/result.js';
import { readOptions, type ChaosOptions } from './options.js';
import { queue } from './queue/queue.js';
import { htmlOf, summaryOf } from './report/html.js';
import { Progress } from './report/progress.js';
import { keptOf, readKept, writeKept } from './report/kept.js';
import { readRun, writeRun, type Run } from './report/results-file.js';
import { breachText, type Judged } from './report/row.js';
import { comparisonOf, tableOf } from './report/table.js';
import { cellsLeft, resumed } from './resume.js';
import { runCells } from './run-cells.js';
import { sessions } from './sessions.js';

const expectedFile = join(workspaceRoot, 'chaos.expected.json');
/** What became of the plain stack, which the report shows beside. */
const besideFile = join(workspaceRoot, 'bench/plain/chaos.json');

/** `npm run chaos`: resolves to 0 when no cell is redder than chaos.expected.json allows. */
export async function chaos(args: readonly string[]): Promise<number> {
  if (args[0] === 'queue') return queue(args.slice(1));
  const options = readOptions(args);
  if (options.mode === 'flips') return flips();
  if (options.mode === 'sessions') return sessions();
  const expected = await readExpected(expectedFile);
  const folder = folderOf(options);
  const run = await runAll(options, join(folder, 'chaos.json'), expected);
  const judged = judgeAll(run, expected);
  if (options.keep !== undefined) await writeKept(options.keep, keptOf(run));
  const beside = options.command === undefined ? await readKept(besideFile) : undefined;
  const reportFile = join(folder, 'report.html');
  await writeFile(reportFile, htmlOf(run, judged, beside));
  process.stdout.write(
    `${tableOf(judged)}\n\n${beside ? `${comparisonOf(judged, beside)}\n\n` : ''}${adviceOf(judged)}${summaryOf(judged)}\nReport: ${reportFile}\n`,
  );
  return judged.some(isRedder) ? 1 : 0;
}

/** Which cells were redder than announced in their timings alone. */
const slowOnes = (judged: readonly Judged[]): string[] =>
  judged
    .filter(isRedder)
    .filter(({ verdict }) => verdict.redder.every(({ budget }) => timings.has(budget)))
    .map(({ cell }) => cell.id);

const isRedder = ({ verdict }: Judged): boolean => verdict.redder.length > 0;

/** As the matrix has them, whenever they were measured. */
function inOrder(results: readonly CellResult[]): CellResult[] {
  const order = new Map(allCells().map(({ id }, index) => [id, index]));
  return [...results].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
}

/** Another platform's results lie apart, so that neither run takes the other's place. */
const folderOf = ({ command }: ChaosOptions): string =>
  join(workspaceRoot, '.trivet/chaos', command === undefined ? '' : 'command');

function judgeAll({ cells }: Run, expected: Expected): Judged[] {
  const weather = weatherOf(cells);
  return cells.map((cell) => ({ cell, verdict: compare(cell.id, judge(cell, weather), expected) }));
}

async function runAll(options: ChaosOptions, runFile: string, expected: Expected): Promise<Run> {
  const before = options.resume ? await readRun(runFile) : undefined;
  const again = new Set(before && options.again ? slowOnes(judgeAll(before, expected)) : []);
  let run: Run = (before && resumed(before, options, again)) ?? {
    startedAt: new Date().toISOString(),
    machine: `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()}, Node ${process.versions.node}`,
    command: options.command ?? null,
    cells: [],
  };
  const cells = cellsLeft(options, run);
  const progress = new Progress(cells.length);
  let count = 0;
  const abort = abortOnSignal();
  await runCells(cells, {
    command: options.command,
    signal: abort.signal,
    onStart: ({ id }) => progress.show(count, id),
    onEnd: async (result) => {
      run = { ...run, cells: inOrder([...run.cells, result]) };
      await writeRun(runFile, run);
      progress.show(++count, result.failure ?? result.id);
    },
  }).finally(abort.dispose);
  progress.end();
  return run;
}

/** The first Ctrl-C ends the run after the present cell; `--resume` goes on from there. */
function abortOnSignal(): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return { signal: abort.signal, dispose: () => void process.off('SIGINT', stop).off('SIGTERM', stop) };
}

function adviceOf(judged: readonly Judged[]): string {
  const redder = judged.flatMap(({ cell, verdict }) =>
    verdict.redder.map((breach) => `Redder than announced: ${cell.id}: ${breachText(breach)}\n`),
  );
  const better = judged.flatMap(({ cell, verdict }) =>
    verdict.better.map((budget) => `Better than announced: ${cell.id}: ${budget}\n`),
  );
  return [...redder, ...better, ''].join('');
}
