import { BIN_MS } from '../measure/recorder.js';
import { breachText, colourOf, comparedHeadings, comparedRow, headings, rowOf, type Judged } from './row.js';
import { KEPT_BIN_MS, type KeptCell, type KeptRun } from './kept.js';
import { type Run } from './results-file.js';
import { escapeHtml, legend, timelineOf, type Timeline } from './timeline.js';

const style = `
  :root { color-scheme: light dark; --ink: #1c2b33; --paper: #fdfdfb; --line: #d8dee2; --shade: #f3d9d9; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e4eaed; --paper: #14191c; --line: #37424a; --shade: #4a2a2a; } }
  body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
  .wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; }
  th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
  section { border-top: 1px solid var(--line); padding: 1rem 0; } h2 { font-size: 1.05rem; margin: 0 0 .4rem; }
  h2::before, tr[class] td:last-child::before { content: ''; display: inline-block; width: .7em; height: .7em; border-radius: 50%; margin-right: .5em; background: var(--is); }
  .green { --is: #2f9e6e; } .amber { --is: #e0a800; } .red { --is: #c92a2a; }
  .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 0 2rem; } figure { margin: 0; }
  figcaption { font-size: 12px; opacity: .7; } svg { width: 100%; } svg text { font-size: 9px; fill: currentColor; opacity: .6; }
  .fault { fill: var(--shade); } .grid { stroke: var(--line); stroke-width: .5; }
  .max, .p50 { fill: none; stroke: currentColor; } .max { stroke-width: .8; opacity: .5; } .p50 { stroke-width: 1.6; }
  .legend i { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 .8em; } ul { margin: .3rem 0; font-size: 13px; }`;

/** The report: the table, then a picture of each cell. Needs nothing from elsewhere. */
export function htmlOf(run: Run, judged: readonly Judged[], beside?: KeptRun): string {
  const about = `${run.startedAt.slice(0, 16).replace('T', ' ')} UTC, ${run.machine}`;
  const rows = judged.map((one) => row('td', rowOf(one), colourOf(one.verdict)));
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Chaos: ${judged.length} cells</title><style>${style}</style>
<h1>Chaos</h1>
<p>${escapeHtml(about)}. ${escapeHtml(summaryOf(judged))}</p>
${table(headings, rows)}
${beside ? besideOf(judged, beside) : ''}<h1>Timelines</h1>
<p>Above: latency, the middle (thick) and the slowest answer (thin), on a logarithmic scale. Below: answers in each
quarter of a second. Shaded: the fault.</p><p class="legend">${legend()}</p>
${judged.map((one) => sectionOf(one, beside?.cells[one.cell.id])).join('\n')}
</html>
`;
}

const row = (tag: 'td' | 'th', texts: readonly string[], colour?: string): string =>
  `<tr${colour === undefined ? '' : ` class="${colour}"`}>${texts
    .map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`)
    .join('')}</tr>`;

const table = (head: readonly string[], rows: readonly string[]): string =>
  `<div class="wide"><table><thead>${row('th', head)}</thead><tbody>${rows.join('\n')}</tbody></table></div>`;

function besideOf(judged: readonly Judged[], { cells, startedAt }: KeptRun): string {
  const rows = judged.map((one) => row('td', comparedRow(one, cells[one.cell.id]?.facts)));
  return `<h1>Beside the plain stack</h1>
<p>In brackets: the same platform as the packages' own documentation wires it, measured on ${startedAt.slice(0, 10)}.</p>
${table(comparedHeadings, rows)}
`;
}

export function summaryOf(judged: readonly Judged[]): string {
  const count = (colour: string): number =>
    judged.filter(({ verdict }) => colourOf(verdict) === colour).length;
  return `${judged.length} cells: ${count('green')} within the budgets, ${count('amber')} as red as announced, ${count('red')} redder.`;
}

function sectionOf({ cell, verdict }: Judged, theirs: KeptCell | undefined): string {
  const items = [
    ...verdict.breaches.map((breach) => `Over the budget: ${breachText(breach)}`),
    ...Object.entries(cell.wrong).map(([what, count]) => `${count} × ${what}`),
    ...(cell.failure === undefined ? [] : [cell.failure]),
  ];
  const list = items.map((item) => `<li>${escapeHtml(item)}</li>`).join('');
  const ours = figure('Trivet', cell, BIN_MS);
  const other = theirs ? figure('The plain stack', { ...theirs, id: cell.id }, KEPT_BIN_MS) : '';
  return `<section class="${colourOf(verdict)}"><h2>${escapeHtml(cell.id)}</h2><div class="pair">${ours}${other}</div><ul>${list}</ul></section>`;
}

const figure = (whose: string, cell: Timeline, binMs: number): string =>
  `<figure>${timelineOf(cell, binMs)}<figcaption>${whose}</figcaption></figure>`;
