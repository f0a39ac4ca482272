import { parseArgs } from 'node:util';
import { ChaosUsageError } from '../options.js';

/** What `npm run chaos -- queue` was asked for. */
export interface QueueChaosOptions {
  /** Jobs of the storm. */
  readonly jobs: number;
  readonly perSecond: number;
  /** Jobs that go two ways at once. */
  readonly races: number;
  /** How long the queue's Redis stays away, seconds; 600 is the ten minutes of the promise. */
  readonly outageSeconds: number;
  readonly seed: number;
  /** Exams to sit; all when empty. */
  readonly exams: readonly string[];
}

const usage =
  'Usage: npm run chaos -- queue [healthy] [storm] [races] [outage] [return] [failover] [drain] ' +
  '[--jobs N] [--rate PER_SECOND] [--races N] [--outage SECONDS] [--seed N] [--full]';

const sizes = {
  usual: { jobs: 20_000, races: 1_000, outage: 30 },
  full: { jobs: 200_000, races: 10_000, outage: 600 },
} as const;

/** @throws {ChaosUsageError} */
export function readQueueOptions(args: readonly string[], exams: readonly string[]): QueueChaosOptions {
  const { values, positionals } = parse(args);
  const unknown = positionals.find((name) => !exams.includes(name));
  if (unknown !== undefined) throw new ChaosUsageError(`There is no exam \`${unknown}\`.\n${usage}`);
  const size = sizes[values.full ? 'full' : 'usual'];
  return {
    jobs: number('jobs', values.jobs, size.jobs),
    perSecond: number('rate', values.rate, 1_000),
    races: number('races', values.races, size.races),
    outageSeconds: number('outage', values.outage, size.outage),
    seed: number('seed', values.seed, Date.now() % 100_000),
    exams: positionals,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    jobs: text,
    rate: text,
    races: text,
    outage: text,
    seed: text,
    full: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new ChaosUsageError(`${(error as Error).message}\n${usage}`);
  }
}

function number(name: string, given: string | undefined, usual: number): number {
  if (given === undefined) return usual;
  if (!/^[1-9]\d*$/.test(given)) throw new ChaosUsageError(`\`--${name}\`: expected a number.\n${usage}`);
  return Number(given);
}
