import { expect, it } from '@jest/globals';
import { cellResult } from '../measure/cell-result.fixture.js';
import { type Verdict } from '../judge/expected.js';
import { htmlOf, summaryOf } from './html.js';
import { keptOf } from './kept.js';
import { progressLine } from './progress.js';
import { colourOf } from './row.js';
import { comparisonOf, tableOf } from './table.js';
import { timelineOf } from './timeline.js';

const green: Verdict = { breaches: [], redder: [], better: [] };
const breach = { budget: 'loggedOutDuring', value: 50 } as const;
const amber: Verdict = { ...green, breaches: [breach] };
const red: Verdict = { ...amber, redder: [breach] };
const run = { startedAt: '2026-01-01T00:00:00.000Z', machine: '2 cores', command: null, cells: [] };

it('is green within the budgets, amber as announced, red beyond', () => {
  expect([green, amber, red].map(colourOf)).toEqual(['green', 'amber', 'red']);
});

it('gives every cell a line of the table', () => {
  const table = tableOf([
    { cell: cellResult(), verdict: green },
    { cell: cellResult({ id: 'hang cache boot', fullServiceMs: null }), verdict: red },
  ]);
  const lines = table.split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[2]).toMatch(/^\| kill session mid-run .* 100\.0 % .* 20 \/ 20 .* within the budgets \|$/);
  expect(lines[3]).toMatch(/^\| hang cache boot .* never .* red: loggedOutDuring 50 \|$/);
});

it('puts another stack in brackets beside each number', () => {
  const theirs = cellResult({
    fullServiceMs: null,
    jobs: { accepted: 9, done: 2, lost: 7, twice: 1, doneThoughRefused: 0 },
  });
  const kept = keptOf({ ...run, cells: [theirs] });
  const judged = ['kill session mid-run', 'hang cache boot'].map((id) => ({
    cell: cellResult({ id }),
    verdict: green,
  }));
  const [, , first, second] = comparisonOf(judged, kept).split('\n');
  expect(first).toMatch(
    /^\| kill session mid-run .* 100\.0 % \(100\.0 %\) .* 0 \/ 0 \(7 \/ 1\) .* 300 \(never\) \|$/,
  );
  expect(second).toMatch(/^\| hang cache boot .* 100\.0 % \(-\) /);
});

it('sums up in one sentence', () => {
  const verdicts = [green, amber, amber, red].map((verdict) => ({ cell: cellResult(), verdict }));
  expect(summaryOf(verdicts)).toBe('4 cells: 1 within the budgets, 2 as red as announced, 1 redder.');
});

it('draws the fault into the timeline where it was', () => {
  const bins = [-1_000, 0, 2_000].map((atMs) => ({ atMs, answers: { '2xx': 10 }, p50Ms: 5, maxMs: 50 }));
  const picture = timelineOf({ id: 'a cell', bins, faultMs: 1_000 }, 250);
  // 720 wide from -1000 to 2250 ms.
  expect(picture).toContain('<rect class="fault" x="221.5" y="0" width="221.6"');
  expect(picture.match(/fill="#2f9e6e"/g)).toHaveLength(3);
});

it('shows what it was told as text, never as markup', () => {
  const cell = cellResult({ id: '<script>', failure: '<b>' });
  const html = htmlOf(run, [{ cell, verdict: red }]);
  expect(html).not.toMatch(/<script>|<b>/);
  expect(html).toContain('&#60;script&#62;');
});

it('shows how far it is', () => {
  expect(progressLine(6, 18, { elapsedMs: 80_000, what: 'kill' })).toBe(
    `[${'#'.repeat(8)}${'-'.repeat(16)}]  6/18  1:20  kill`,
  );
});
