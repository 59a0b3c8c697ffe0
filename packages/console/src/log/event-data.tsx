import type { ComponentChildren, VNode } from "preact";
import type { EntryData } from "./entry-data.ts";

interface EventDataProps {
  readonly title: ComponentChildren;
  readonly data: EntryData;
}

/** The data of an event, under a title. */
export function EventData({ title, data }: EventDataProps): VNode {
  return (
    <section class={`entry-data ${data.state}`}>
      <h3>{title}</h3>
      <pre tabIndex={0}>{data.text}</pre>
      {data.note !== undefined && <p class="hint">{data.note}</p>}
    </section>
  );
}
