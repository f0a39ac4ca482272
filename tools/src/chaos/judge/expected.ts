import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { budgets, type Breach, type Budget } from './judge.js';

const names = Object.keys(budgets) as [Budget, ...Budget[]];
const allowed = z.strictObject({ upTo: z.number().positive(), why: z.string().min(10) });
const schema = z.strictObject({
  about: z.string().optional(),
  cells: z.record(z.string(), z.partialRecord(z.enum(names), allowed)),
});

/** What is still red, cell by cell: how far, and why. */
export type Expected = z.output<typeof schema>;

/** A cell against the budgets and against what is known to be red. */
export interface Verdict {
  readonly breaches: readonly Breach[];
  /** Breaches that nobody has announced, or that go further than announced. */
  readonly redder: readonly Breach[];
  /** Announced breaches that did not happen: the entry can go. */
  readonly better: readonly Budget[];
}

/** chaos.expected.json is not what it should be. */
export class ExpectedFileError extends Error {
  readonly code = 'CHAOS_EXPECTED_FILE';
  override readonly name = 'ExpectedFileError';
}

/** @throws ExpectedFileError naming the field */
export function parseExpected(text: string): Expected {
  const result = schema.safeParse(toJson(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ExpectedFileError(`chaos.expected.json: \`${issue?.path.join('.')}\`: ${issue?.message}`);
}

export const readExpected = async (path: string): Promise<Expected> =>
  parseExpected(await readFile(path, 'utf8'));

/** Compares what a cell broke with what it may break. */
export function compare(id: string, breaches: readonly Breach[], { cells }: Expected): Verdict {
  const known = cells[id] ?? {};
  const redder = breaches.filter(({ budget, value }) => value > (known[budget]?.upTo ?? 0));
  const broken = new Set(breaches.map(({ budget }) => budget));
  const better = (Object.keys(known) as Budget[]).filter((budget) => !broken.has(budget));
  return { breaches, redder, better };
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ExpectedFileError(`chaos.expected.json is no JSON: ${(error as Error).message}`);
  }
}
