import { type Subject } from '../subject/subject.js';

/** How late a process's event loop ran since it was last asked. */
export interface EventLoopLag {
  readonly p99Ms: number;
  readonly maxMs: number;
}

const LIMIT_MS = 2_000;

/** Reads the lag of every process; asking starts a new measurement. */
export async function readEventLoopLag({ management }: Subject): Promise<Record<string, EventLoopLag>> {
  const read = async ([name, base]: [string, string]) => {
    const response = await fetch(`${base}/metrics`, { signal: AbortSignal.timeout(LIMIT_MS) });
    return [name, lagIn(await response.text())] as const;
  };
  const answers = await Promise.allSettled(Object.entries(management).map(read));
  return Object.fromEntries(
    answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : [])),
  );
}

/** The two gauges in Prometheus's text, in milliseconds. */
export function lagIn(metrics: string): EventLoopLag {
  const value = (name: string): number => {
    const [, seconds = '0'] =
      new RegExp(`^nodejs_eventloop_lag_${name}_seconds(?:{[^}]*})? (\\S+)`, 'm').exec(metrics) ?? [];
    return Math.round(Number(seconds) * 10_000) / 10;
  };
  return { p99Ms: value('p99'), maxMs: value('max') };
}

/** What every process has printed since then. */
export function linesSince(
  subject: Subject,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  const names = [...new Set([...Object.keys(subject.management), ...Object.keys(subject.logRecords)])];
  return Object.fromEntries(
    names.map((name) => [name, (subject.logRecords[name] ?? 0) - (before[name] ?? 0)]),
  );
}
