import { type AnswerClass } from '../measure/classify.js';
import { type CellResult } from '../measure/result.js';

const WIDTH = 720;
const LATENCY_HEIGHT = 70;
const ANSWERS_HEIGHT = 50;
const GAP = 14;
/** Latencies are drawn on a logarithmic scale from 1 ms to the client's limit of 5 s. */
const LONGEST_MS = 5_000;

const colours: Readonly<Record<AnswerClass, string>> = {
  '2xx': '#2f9e6e',
  '3xx': '#7cc4a4',
  '4xx': '#b7dccb',
  late: '#74c0fc',
  declared503: '#e0a800',
  guest: '#f08c00',
  unexpected: '#d9480f',
  undeclared5xx: '#c92a2a',
  timeout: '#862e9c',
  reset: '#5f3dc4',
  truncated: '#364fc7',
};

/** What a picture is made of. */
export type Timeline = Pick<CellResult, 'id' | 'bins' | 'faultMs'>;

/** A picture of a cell: latency above, answers below, the fault as a shaded stretch of time. */
export function timelineOf({ id, bins, faultMs }: Timeline, binMs: number): string {
  const from = Math.min(0, ...bins.map(({ atMs }) => atMs));
  const to = Math.max(faultMs, ...bins.map(({ atMs }) => atMs + binMs));
  const x = (atMs: number): number => round(((atMs - from) / (to - from)) * WIDTH);
  const y = (ms: number): number =>
    round(LATENCY_HEIGHT * (1 - Math.log(Math.min(LONGEST_MS, Math.max(1, ms))) / Math.log(LONGEST_MS)));
  const path = (of: (bin: CellResult['bins'][number]) => number): string =>
    bins.map((bin) => `${x(bin.atMs + binMs / 2)},${y(of(bin))}`).join(' ');
  const height = LATENCY_HEIGHT + GAP + ANSWERS_HEIGHT;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(id)}: latency and answers over time">`,
    `<rect class="fault" x="${x(0)}" y="0" width="${round(x(faultMs) - x(0))}" height="${height}"/>`,
    ...[10, 100, 1_000].map(
      (ms) =>
        `<line class="grid" x1="0" x2="${WIDTH}" y1="${y(ms)}" y2="${y(ms)}"/><text x="2" y="${y(ms) - 2}">${ms} ms</text>`,
    ),
    `<polyline class="max" points="${path(({ maxMs }) => maxMs)}"/>`,
    `<polyline class="p50" points="${path(({ p50Ms }) => p50Ms)}"/>`,
    ...bars({ bins, x, barWidth: round((WIDTH * binMs) / (to - from)) }),
    '</svg>',
  ].join('');
}

interface Bars {
  readonly bins: CellResult['bins'];
  readonly x: (atMs: number) => number;
  readonly barWidth: number;
}

function bars({ bins, x, barWidth }: Bars): string[] {
  const total = ({ answers }: CellResult['bins'][number]): number =>
    Object.values(answers).reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, ...bins.map(total));
  return bins.flatMap((bin) => {
    let top = LATENCY_HEIGHT + GAP + ANSWERS_HEIGHT;
    return (Object.keys(colours) as AnswerClass[]).flatMap((name) => {
      const height = round(((bin.answers[name] ?? 0) / most) * ANSWERS_HEIGHT);
      if (height === 0) return [];
      top = round(top - height);
      return [
        `<rect fill="${colours[name]}" x="${x(bin.atMs)}" y="${top}" width="${barWidth}" height="${height}"/>`,
      ];
    });
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** What the colours mean. */
export const legend = (): string =>
  Object.entries(colours)
    .map(([name, colour]) => `<span><i style="background:${colour}"></i>${name}</span>`)
    .join(' ');
