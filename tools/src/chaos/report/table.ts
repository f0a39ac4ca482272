import { type KeptRun } from './kept.js';
import { comparedHeadings, comparedRow, headings, rowOf, type Judged } from './row.js';

/** All cells as a Markdown table, which is readable on a screen as well. */
export const tableOf = (judged: readonly Judged[]): string => markdown([[...headings], ...judged.map(rowOf)]);

/** All cells beside those of another run, in brackets. */
export const comparisonOf = (judged: readonly Judged[], { cells }: KeptRun): string =>
  markdown([[...comparedHeadings], ...judged.map((one) => comparedRow(one, cells[one.cell.id]?.facts))]);

function markdown(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  // The last column may be long: it ends the line.
  const widths = head.map((_heading, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column < cells.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell)).join(' | ')} |`;
  const rule = head.map((_cell, column) => '-'.repeat(column < head.length - 1 ? (widths[column] ?? 3) : 3));
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
