import type { VNode } from "preact";

interface SearchFieldProps {
  /** What is searched, for screen readers. */
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
}

/** A field whose text decides what a list shows. */
export function SearchField({ label, onInput, ...others }: SearchFieldProps): VNode {
  return (
    <input
      {...others}
      type="search"
      class="filter"
      aria-label={label}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
    />
  );
}
