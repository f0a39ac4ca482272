import { type z } from 'zod';
import { EnvironmentError, type EnvironmentProblem } from './environment.error.js';
import { hintOf } from './field.js';

/** `process.env`, or anything shaped like it. */
export type EnvironmentSource = Readonly<Record<string, string | undefined>>;

/**
 * Parses the variables that `schema` names, once. An empty string counts as missing; other variables are ignored.
 *
 * @throws EnvironmentError with one line per wrong variable.
 */
export function readEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  source: EnvironmentSource,
): z.output<Schema> {
  const given = Object.fromEntries(environmentNames(schema).map((name) => [name, source[name] || undefined]));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new EnvironmentError(problemsOf(result.error.issues, schema, given));
}

/** The variables a schema reads, in its order: what `.env.example` has to list. */
export function environmentNames(schema: z.ZodObject): string[] {
  return Object.keys(schema.shape);
}

function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodObject,
  given: EnvironmentSource,
): EnvironmentProblem[] {
  const first = new Map<string, z.core.$ZodIssue>();
  for (const issue of issues) {
    const name = String(issue.path[0] ?? 'environment');
    if (!first.has(name)) first.set(name, issue);
  }
  return [...first].map(([name, issue]) => ({
    name,
    ...hintOf(schema.shape[name] as z.ZodType | undefined),
    reason: reasonOf(issue, given[name] === undefined),
  }));
}

/** Only messages of our own checks are repeated: zod's could quote the value. */
function reasonOf(issue: z.core.$ZodIssue, missing: boolean): string {
  if (issue.code === 'custom') return issue.message;
  return missing ? 'is missing' : 'got something else';
}
