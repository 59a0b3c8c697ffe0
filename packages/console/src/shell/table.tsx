import type { ComponentChildren, VNode } from "preact";

/** One column of a table. */
export interface Column<Row> {
  /** "": a column of buttons. */
  readonly title: string;
  /** Explains the title. */
  readonly hint?: string;
  /** How the column looks: classes of the style sheet. */
  readonly look?: string;
  /** What the column shows of a row; undefined if there is nothing to show. */
  readonly cell: (row: Row) => ComponentChildren;
}

interface TableProps<Row> {
  /** Name of the table for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** A text that no other row has. */
  readonly keyOf: (row: Row) => string;
  readonly isSelected?: (row: Row) => boolean;
}

/** A table. If it is too wide, it scrolls by itself, also with the keyboard; on phones each row is a card. */
export function Table<Row>({ label, columns, rows, keyOf, isSelected = () => false }: TableProps<Row>): VNode {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title, hint, look }) => (
              <th key={title} scope="col" class={look} title={hint}>
                {title === "" ? <span class="visually-hidden">Actions</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={isSelected(row) ? "selected" : undefined}>
              {columns.map(({ title, look = "", cell }) => {
                const content = cell(row);
                return (
                  <td key={title} class={content === undefined ? `${look} nothing` : look} data-label={title}>
                    {content ?? (title === "" ? undefined : "–")}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
