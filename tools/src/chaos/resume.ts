import { chooseCells, type Cell } from './cells.js';
import { type ChaosOptions } from './options.js';
import { type Run } from './report/results-file.js';

/** The run to be resumed was of another platform. */
export class ResumeError extends Error {
  readonly code = 'CHAOS_RESUME';
  override readonly name = 'ResumeError';

  constructor(command: string | null) {
    const started = command === null ? 'of this checkout' : `started by \`${command}\``;
    super(`--resume: the last run was ${started}. Give the same --command, or begin anew without --resume.`);
  }
}

/**
 * The results to go on from: all but the cells that could not be measured, or are to be measured `again`.
 *
 * @throws ResumeError
 */
export function resumed(
  run: Run,
  { command }: Pick<ChaosOptions, 'command'>,
  again: ReadonlySet<string> = new Set(),
): Run {
  if (run.command !== (command ?? null)) throw new ResumeError(run.command);
  return { ...run, cells: run.cells.filter(({ id, failure }) => failure === undefined && !again.has(id)) };
}

/** The cells that were asked for and that the run does not hold. */
export function cellsLeft(options: ChaosOptions, { cells }: Run): Cell[] {
  const done = new Set(cells.map(({ id }) => id));
  return chooseCells(options).filter(({ id }) => !done.has(id));
}
