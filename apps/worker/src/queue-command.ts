import type { DeadLetter, DeadLetterFilter, DeadLetters, RedriveOptions } from '@trivet/queue';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const usage = `Usage: queue dead list     [--queue Q] [--job J] [--reason R] [--limit N] [--json]
       queue dead redrive  (--all | --queue Q | --job J | --reason R | --id ID ...) [--dry-run] [--rate PER_SECOND] [--limit N]
       queue dead discard  (--queue Q | --job J | --reason R | --id ID ...) [--dry-run]
R is failed, poison or too-old.`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  id: { type: 'string', multiple: true },
  queue: text,
  job: text,
  reason: text,
  limit: text,
  rate: text,
  'dry-run': flag,
  json: flag,
  all: flag,
} as const;

const number = z.coerce.number().int().positive();
const given = z.object({
  ids: z.array(z.string()).optional(),
  queue: z.string().optional(),
  job: z.string().optional(),
  reason: z.enum(['failed', 'poison', 'too-old']).optional(),
  limit: number.optional(),
  rate: number.optional(),
  dryRun: z.boolean().default(false),
  json: z.boolean().default(false),
  all: z.boolean().default(false),
});
type Given = z.output<typeof given>;

/** What a command line asks for: something to be done, or how to ask. */
export type QueueCommand =
  { readonly usage: string } | { readonly run: (deadLetters: DeadLetters) => Promise<string> };

/** Understands the words behind `queue`. */
export function readQueueCommand(args: readonly string[]): QueueCommand {
  const read = parse(args);
  if (!read) return { usage };
  const [what, verb, ...rest] = read.positionals;
  const filter = filterOf(read.given);
  const isNarrowed = Object.keys(filter).length > 0;
  if (what !== 'dead' || rest.length > 0) return { usage };
  if (verb === 'list') return { run: (deadLetters) => list(deadLetters, filter, read.given) };
  if (verb === 'redrive' && isNarrowed !== read.given.all) {
    return { run: (deadLetters) => redrive(deadLetters, filter, read.given) };
  }
  if (verb === 'discard' && isNarrowed && !read.given.all) {
    return { run: (deadLetters) => discard(deadLetters, filter, read.given) };
  }
  return { usage };
}

function parse(args: readonly string[]): { positionals: string[]; given: Given } | undefined {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const { id: ids, 'dry-run': dryRun, ...others } = values;
    return { positionals, given: given.parse({ ids, dryRun, ...others }) };
  } catch {
    return undefined;
  }
}

function filterOf({ ids, queue, job, reason }: Given): DeadLetterFilter {
  const fields = Object.entries({ ids, queue, job, reason }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields);
}

/** Payloads are not shown: they may be somebody's own words. */
async function list(
  deadLetters: DeadLetters,
  filter: DeadLetterFilter,
  { limit, json }: Given,
): Promise<string> {
  const letters = await deadLetters.list(filter, limit);
  if (json)
    return `${JSON.stringify(
      letters.map(({ payload: _payload, ...letter }) => letter),
      null,
      2,
    )}\n`;
  if (letters.length === 0) return 'No dead letters.\n';
  return letters.map(lineOf).join('');
}

const lineOf = ({ id, job, reason, attempts, diedAt, error }: DeadLetter): string =>
  `${diedAt.toISOString()}  ${id}  ${job}  ${reason} after ${attempts}  ${error.split('\n', 1)[0] ?? ''}\n`;

async function redrive(deadLetters: DeadLetters, filter: DeadLetterFilter, asked: Given): Promise<string> {
  const { dryRun, rate, limit } = asked;
  const how: RedriveOptions = {
    dryRun,
    ...(rate === undefined ? {} : { perSecond: rate }),
    ...(limit === undefined ? {} : { limit }),
  };
  return said(await deadLetters.redrive(filter, how), { dryRun, done: 'redriven' });
}

async function discard(
  deadLetters: DeadLetters,
  filter: DeadLetterFilter,
  { dryRun }: Given,
): Promise<string> {
  const jobs = dryRun ? await deadLetters.redrive(filter, { dryRun }) : await deadLetters.discard(filter);
  return said(jobs, { dryRun, done: 'discarded' });
}

const said = (jobs: number, { dryRun, done }: { readonly dryRun: boolean; readonly done: string }): string =>
  `${jobs} ${jobs === 1 ? 'job' : 'jobs'} ${dryRun ? 'would be' : jobs === 1 ? 'is' : 'are'} ${done}.\n`;
