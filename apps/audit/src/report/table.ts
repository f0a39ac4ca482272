const WIDTH = 80;
const GAP = '  ';
const MAX_LINES = 8;

/** A column of figures, or of words with `align: 'left'`. */
export interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly cell: (row: Row) => string;
}

/** Aligned lines of at most 80 columns, none without rows. The last column is a name: it goes on in the next line rather than be cut. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  if (rows.length === 0) return [];
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ cell }) => cell(row))),
  ];
  const widths = columns.map((_column, place) => Math.max(...cells.map((line) => line[place]?.length ?? 0)));
  return cells.flatMap((line) => {
    const figures = line.slice(0, -1).map((text, place) => {
      const width = widths[place] ?? 0;
      return columns[place]?.align === 'left' ? text.padEnd(width) : text.padStart(width);
    });
    const start = GAP + figures.map((figure) => figure + GAP).join('');
    return hang(start, line.at(-1) ?? '');
  });
}

/** `text` after `start`, broken at 80 columns under itself; its middle is left out when it is very long. */
function hang(start: string, text: string): string[] {
  const room = WIDTH - start.length;
  const most = room * MAX_LINES;
  const shown = text.length > most ? `${text.slice(0, most / 2 - 1)}…${text.slice(-most / 2)}` : text;
  const lines = shown.match(new RegExp(`.{1,${room}}`, 'gs')) ?? [''];
  return lines.map((line, index) => (index === 0 ? start : ' '.repeat(start.length)) + line);
}

/** `text` in lines of at most 80 columns, broken between words; only a word that is too long is broken itself. */
export function wrapped(text: string, first = '', next = first): string[] {
  const room = WIDTH - next.length;
  const lines = text.match(new RegExp(`\\S.{0,${room - 1}}(?=\\s|$)|\\S{1,${room}}`, 'g')) ?? [];
  return lines.map((line, index) => (index === 0 ? first : next) + line);
}
