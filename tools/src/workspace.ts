import { fileURLToPath } from 'node:url';

/** The checkout; the same seen from `tools/src` and from `tools/dist`. */
export const workspaceRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The three Redis groups. */
export const groupNames = ['session', 'cache', 'queue'] as const;
export type GroupName = (typeof groupNames)[number];

/** The processes of the platform. */
export const appNames = ['dashboard', 'learn', 'worker'] as const;
export type AppName = (typeof appNames)[number];

/** A record with one value for each name. */
export function mapNames<Name extends string, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, Value>;
}
