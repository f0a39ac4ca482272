import { parseArgs } from 'node:util';
import { type Choice } from './cells.js';

/** What a person asked of `npm run chaos`. */
export interface ChaosOptions extends Choice {
  readonly mode: 'cells' | 'flips' | 'sessions';
  /** Goes on with the cells that the last run did not reach. */
  readonly resume: boolean;
  /** Resumes, and measures the cells again whose timings alone were redder than announced. */
  readonly again: boolean;
  /** Starts another platform than this checkout's. */
  readonly command?: string | undefined;
  /** File that keeps the results in few lines, to be shown beside another run's. */
  readonly keep?: string | undefined;
}

/** The options were not understood. */
export class ChaosUsageError extends Error {
  readonly code = 'CHAOS_USAGE';
  override readonly name = 'ChaosUsageError';

  constructor(problem: string) {
    super(
      `${problem}\nUsage: npm run chaos -- [flips|sessions|queue] [--only REGEX] [--quick] [--resume | --again] [--command 'START'] [--keep FILE]`,
    );
  }
}

/** @throws ChaosUsageError */
export function readOptions(args: readonly string[]): ChaosOptions {
  const { values, positionals } = parse(args);
  const [mode = 'cells'] = positionals;
  if (mode !== 'cells' && mode !== 'flips' && mode !== 'sessions')
    throw new ChaosUsageError(`Expected \`flips\` or \`sessions\`, got \`${mode}\`.`);
  const { only, quick = false, again = false, resume = again, command, keep } = values;
  return { mode, quick, resume, again, command, keep, only: only === undefined ? undefined : pattern(only) };
}

function parse(args: readonly string[]) {
  const options = {
    only: { type: 'string' },
    quick: { type: 'boolean' },
    resume: { type: 'boolean' },
    again: { type: 'boolean' },
    command: { type: 'string' },
    keep: { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new ChaosUsageError((error as Error).message);
  }
}

function pattern(source: string): RegExp {
  try {
    return new RegExp(source, 'i');
  } catch (error) {
    throw new ChaosUsageError(`\`--only\`: ${(error as Error).message}`);
  }
}
