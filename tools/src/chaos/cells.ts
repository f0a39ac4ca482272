import { faults, type Fault } from '@trivet/fault-kit';
import { groupNames, type GroupName } from '../workspace.js';

/** When the fault is on: since before the apps started, or from some moment under load. */
export type When = 'boot' | 'mid-run';

/** One square of the matrix. */
export interface Cell {
  /** `kill session+cache mid-run`. */
  readonly id: string;
  readonly fault: Fault;
  readonly groups: readonly GroupName[];
  readonly when: When;
}

/** Faults that people know by another name than the kit's. */
const nicknames: Readonly<Record<string, string>> = { refused: 'kill', hung: 'hang', readOnly: 'READONLY' };
const titleOf = ({ name }: Fault): string => nicknames[name] ?? name;

const combinations: readonly (readonly GroupName[])[] = [
  ['session', 'cache'],
  ['session', 'queue'],
  ['cache', 'queue'],
  groupNames,
];
const combined: readonly Fault[] = [faults.refused, faults.hung, faults.readOnly];
const quick = new Set<Fault>([
  faults.refused,
  faults.hung,
  faults.readOnly,
  faults.outOfMemory,
  faults.flushAll,
]);

const cell = (fault: Fault, groups: readonly GroupName[], when: When): Cell => ({
  id: `${titleOf(fault)} ${groups.join('+')} ${when}`,
  fault,
  groups,
  when,
});

/** Every fault on each group, mid-run and at boot; then pairs and the triple of the three that matter most. */
export function allCells(): Cell[] {
  const singles = Object.values<Fault>(faults).flatMap((fault) =>
    groupNames.flatMap((group) => [cell(fault, [group], 'mid-run'), cell(fault, [group], 'boot')]),
  );
  const together = combined.flatMap((fault) =>
    combinations.flatMap((groups) => [cell(fault, groups, 'mid-run'), cell(fault, groups, 'boot')]),
  );
  return [...singles, ...together].sort(
    (a, b) => topologies.indexOf(a.fault.topology) - topologies.indexOf(b.fault.topology),
  );
}

// Cells of one topology stand together, because the servers must be started anew for another.
const topologies = ['standalone', 'tls', 'sentinel'];

/** Which of them to run. */
export interface Choice {
  readonly only?: RegExp | undefined;
  /** Each group alone: kill, hang, READONLY, OOM and loss under load, and a boot without it. */
  readonly quick: boolean;
}

/** The cells that were asked for. */
export function chooseCells({ only, quick: isQuick }: Choice): Cell[] {
  const isChosen = ({ fault, groups, when }: Cell): boolean =>
    !isQuick || (groups.length === 1 && (when === 'mid-run' ? quick.has(fault) : fault === faults.refused));
  return allCells().filter((candidate) => isChosen(candidate) && (only?.test(candidate.id) ?? true));
}
