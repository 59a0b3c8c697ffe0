import type { VNode } from "preact";
import { useId } from "preact/hooks";

/** One of several choices of which one is made. */
export interface Tab<Id> {
  readonly id: Id;
  readonly label: string;
}

/** A choice of one of a few. The browser moves between them with the arrow keys. */
export function Tabs<Id extends string | number>({
  name,
  tabs,
  chosen,
  onChoose,
}: {
  /** What is chosen, for screen readers. */
  readonly name: string;
  readonly tabs: readonly Tab<Id>[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
}): VNode {
  const group = useId();
  return (
    <fieldset class="tabs">
      <legend class="visually-hidden">{name}</legend>
      {tabs.map(({ id, label }) => (
        <label key={id} class={id === chosen ? "tab chosen" : "tab"}>
          <input
            type="radio"
            class="visually-hidden"
            name={group}
            checked={id === chosen}
            onChange={() => onChoose(id)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
