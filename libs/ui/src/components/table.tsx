import type { ComponentChildren } from 'preact';

/** One column: its heading and what it shows of a row. */
export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Holds buttons: stands at the end, and needs no label where rows become blocks. */
  readonly action?: boolean;
}

/** Props of {@link Table}. */
export interface TableProps<Row> {
  /** Said to screen readers; the visible title is the section's. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}

/**
 * Rows and columns; on a narrow screen each row becomes a block of labelled lines.
 * The roles are spelled out because `display: block` would take the table's own away.
 */
export const Table = <Row,>({ caption, columns, rows, rowKey }: TableProps<Row>) => (
  <table class="table" role="table">
    <caption class="hidden">{caption}</caption>
    <thead role="rowgroup">
      <tr role="row">
        {columns.map(({ header, action }) => (
          <th key={header} scope="col" role="columnheader" class={action ? 'action' : undefined}>
            {header}
          </th>
        ))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      {rows.map((row) => (
        <tr key={rowKey(row)} role="row">
          {columns.map(({ header, cell, action }) => (
            <td key={header} role="cell" data-label={header} class={action ? 'action' : undefined}>
              <div>{cell(row)}</div>
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);
