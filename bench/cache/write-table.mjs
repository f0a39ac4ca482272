import { readFileSync, writeFileSync } from 'node:fs';

const readme = new URL('../../libs/cache/README.md', import.meta.url);

/** Prints a Markdown table and, asked by `--write`, puts it between its marks in the cache's README. */
export function writeTable(mark, head, rows) {
  const width = head.length;
  const line = (cells) => `| ${Array.from({ length: width }, (_, i) => cells[i] ?? '').join(' | ')} |`;
  const table = [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
  console.log(table);
  if (!process.argv.includes('--write')) return;
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const text = readFileSync(readme, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`${readme.pathname} has no place marked ${begin}.`);
  writeFileSync(readme, `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`);
}
