import type { ComponentChildren, VNode } from "preact";

/** Head of a column: its title, or the title of a column of numbers. */
export type Column = string | { readonly number: string };

/** A table that scrolls by itself on a narrow screen, also with the keyboard. */
export function Table({
  label,
  head,
  children,
}: {
  /** Name of the table for screen readers. */
  label: string;
  /** No title: a column of buttons. */
  head: readonly Column[];
  /** The rows. */
  children: ComponentChildren;
}): VNode {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>{head.map(headOf)}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function headOf(column: Column): VNode {
  const [title, type] = typeof column === "string" ? [column, undefined] : [column.number, "number"];
  return (
    <th key={title} scope="col" class={type}>
      {title === "" ? <span class="visually-hidden">Actions</span> : title}
    </th>
  );
}
