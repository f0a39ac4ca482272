import { headings, rowOf, type Judged } from './row.js';

/** All cells as a Markdown table, which is readable on a screen as well. */
export function tableOf(judged: readonly Judged[]): string {
  const rows = [[...headings], ...judged.map(rowOf)];
  // The last column may be long: it ends the line.
  const widths = headings.map((_heading, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column < cells.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = head.map((_cell, column) => '-'.repeat(column < head.length - 1 ? (widths[column] ?? 3) : 3));
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
