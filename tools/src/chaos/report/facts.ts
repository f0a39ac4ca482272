import { answerClasses, type AnswerClass } from '../measure/classify.js';
import { phaseNames, type CellResult } from '../measure/result.js';

/** A cell in a few numbers: what every table is made of. Answers are counted from the fault on. */
export interface Facts {
  /** Share of answers that were right and came within a second, percent; null when nothing was asked. */
  readonly right: number | null;
  readonly late: number;
  readonly declared503: number;
  readonly undeclared5xx: number;
  /** A signed-in person answered as a guest, or some other wrong answer. */
  readonly wrong: number;
  /** Given up after 5 s, reset, or cut off. */
  readonly noAnswer: number;
  /** Before the fault, while detecting, in the open state, after recovery; milliseconds. */
  readonly p99Ms: readonly number[];
  readonly guests: number;
  readonly loggedOut: number;
  readonly jobs: CellResult['jobs'];
  /** Records of the most talkative process. */
  readonly logRecords: number;
  readonly fullServiceMs: number | null;
  readonly failure?: string;
}

const shownPhases = ['baseline', 'detecting', 'open', 'recovered'] as const;

export function factsOf(cell: CellResult): Facts {
  const { phases, users, failure } = cell;
  const sum = (...names: readonly AnswerClass[]): number =>
    phaseNames
      .filter((phase) => phase !== 'baseline')
      .flatMap((phase) => names.map((name) => phases[phase].answers[name] ?? 0))
      .reduce((a, b) => a + b, 0);
  const all = sum(...answerClasses);
  return {
    right: all === 0 ? null : Math.round((1_000 * sum('2xx', '3xx', '4xx')) / all) / 10,
    late: sum('late'),
    declared503: sum('declared503'),
    undeclared5xx: sum('undeclared5xx'),
    wrong: sum('guest', 'unexpected'),
    noAnswer: sum('timeout', 'reset', 'truncated'),
    p99Ms: shownPhases.map((phase) => Math.round(phases[phase].latency.p99Ms)),
    guests: users.loggedOutDuring,
    loggedOut: users.loggedOutAtEnd,
    jobs: cell.jobs,
    logRecords: Math.max(0, ...Object.values(cell.logRecords)),
    fullServiceMs: cell.fullServiceMs,
    ...(failure !== undefined && { failure }),
  };
}
