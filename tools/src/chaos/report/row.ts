import { type Verdict } from '../judge/expected.js';
import { NEVER_MS, type Breach } from '../judge/judge.js';
import { type CellResult } from '../measure/result.js';
import { factsOf, type Facts } from './facts.js';

/** One cell with its verdict. */
export interface Judged {
  readonly cell: CellResult;
  readonly verdict: Verdict;
}

type Column = readonly [heading: string, text: (facts: Facts) => string];

/** What the table tells of a cell. */
const columns: readonly Column[] = [
  ['right', ({ right }) => (right === null ? '-' : `${right.toFixed(1)} %`)],
  ['late', ({ late }) => String(late)],
  ['503', ({ declared503 }) => String(declared503)],
  ['5xx', ({ undeclared5xx }) => String(undeclared5xx)],
  ['wrong', ({ wrong }) => String(wrong)],
  ['no answer', ({ noAnswer }) => String(noAnswer)],
  ['p99 before / detecting / open / after (ms)', ({ p99Ms }) => p99Ms.join(' / ')],
  ['guests / logged out', ({ guests, loggedOut }) => `${guests} / ${loggedOut}`],
  ['jobs done / accepted', ({ jobs }) => `${jobs.done} / ${jobs.accepted}${twiceText(jobs)}`],
  ['log', ({ logRecords }) => String(logRecords)],
  ['full service (ms)', ({ fullServiceMs }) => (fullServiceMs === null ? 'never' : String(fullServiceMs))],
];

const twiceText = ({ twice }: CellResult['jobs']): string => (twice > 0 ? `, ${twice} twice` : '');

export const headings: readonly string[] = ['cell', ...columns.map(([heading]) => heading), 'verdict'];

/** A cell in one line, in the order of the headings. */
export function rowOf({ cell, verdict }: Judged): string[] {
  const facts = factsOf(cell);
  return [cell.id, ...columns.map(([, text]) => text(facts)), wordOf(verdict)];
}

/** The columns in which two stacks are compared. */
const compared: readonly Column[] = [
  ...columns.filter(([heading]) => ['right', 'late', '5xx', 'no answer'].includes(heading)),
  ['guests / logged out', ({ guests, loggedOut }) => `${guests} / ${loggedOut}`],
  ['jobs lost / twice', ({ jobs: { lost, twice } }) => `${lost} / ${twice}`],
  ['p99 open (ms)', ({ p99Ms }) => String(p99Ms[2] ?? '-')],
  ...columns.filter(([heading]) => heading === 'full service (ms)'),
];

export const comparedHeadings: readonly string[] = ['cell', ...compared.map(([heading]) => heading)];

/** A cell of two stacks in one line: ours, then theirs in brackets. */
export function comparedRow({ cell }: Judged, theirs: Facts | undefined): string[] {
  const ours = factsOf(cell);
  const theirText = (text: Column[1]): string =>
    theirs?.failure === undefined && theirs ? text(theirs) : '-';
  return [cell.id, ...compared.map(([, text]) => `${text(ours)} (${theirText(text)})`)];
}

/** Green within the budgets; amber as bad as announced; red worse than that. */
export const colourOf = ({ breaches, redder }: Verdict): 'green' | 'amber' | 'red' =>
  redder.length > 0 ? 'red' : breaches.length > 0 ? 'amber' : 'green';

function wordOf(verdict: Verdict): string {
  const colour = colourOf(verdict);
  if (colour === 'green') return 'within the budgets';
  return `${colour}: ${(colour === 'red' ? verdict.redder : verdict.breaches).map(breachText).join(', ')}`;
}

export const breachText = ({ budget, value }: Breach): string =>
  `${budget} ${value === NEVER_MS ? 'never' : Math.round(value * 10) / 10}`;
