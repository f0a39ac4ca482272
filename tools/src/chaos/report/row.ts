import { type Verdict } from '../judge/expected.js';
import { NEVER_MS, type Breach } from '../judge/judge.js';
import { answerClasses } from '../measure/classify.js';
import { phaseNames, type CellResult, type PhaseName } from '../measure/result.js';

/** One cell with its verdict. */
export interface Judged {
  readonly cell: CellResult;
  readonly verdict: Verdict;
}

export const headings = [
  'cell',
  'right',
  '503',
  '5xx',
  'wrong',
  'no answer',
  'p99 before / detecting / open / after (ms)',
  'guests / logged out',
  'jobs done / accepted',
  'log',
  'full service (ms)',
  'verdict',
] as const;

/** A cell in one line, in the order of the headings. */
export function rowOf({ cell, verdict }: Judged): string[] {
  const { users, jobs, fullServiceMs } = cell;
  const faulty: readonly PhaseName[] = phaseNames.filter((phase) => phase !== 'baseline');
  const sum = (...names: (typeof answerClasses)[number][]): number =>
    faulty
      .flatMap((phase) => names.map((name) => cell.phases[phase].answers[name] ?? 0))
      .reduce((a, b) => a + b, 0);
  const all = sum(...answerClasses);
  const latencies = (['baseline', 'detecting', 'open', 'recovered'] as const).map((phase) =>
    Math.round(cell.phases[phase].latency.p99Ms),
  );
  return [
    cell.id,
    all === 0 ? '-' : `${((100 * sum('2xx', '3xx', '4xx')) / all).toFixed(1)} %`,
    String(sum('declared503')),
    String(sum('undeclared5xx')),
    String(sum('guest', 'unexpected')),
    String(sum('timeout', 'reset', 'truncated')),
    latencies.join(' / '),
    `${users.loggedOutDuring} / ${users.loggedOutAtEnd}`,
    `${jobs.done} / ${jobs.accepted}${jobs.twice > 0 ? `, ${jobs.twice} twice` : ''}`,
    String(Math.max(0, ...Object.values(cell.logRecords))),
    fullServiceMs === null ? 'never' : String(fullServiceMs),
    wordOf(verdict),
  ];
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
