import { useComputed } from "@preact/signals";
import type { VNode } from "preact";
import { countText } from "../shell/number-text.ts";
import { frequentlySeen, type Occurrences } from "./frequently-seen.ts";
import { allEntries, filterText, matchingEntries } from "./live-log.ts";

/** The channels and events that occur most often in the log; a click filters by one of them. */
export function FrequentNames(): VNode {
  const seen = useComputed(() => {
    void matchingEntries.value;
    return {
      channels: frequentlySeen(allEntries(), (entry) => entry.channel),
      events: frequentlySeen(allEntries(), (entry) => entry.event),
    };
  });
  return (
    <aside class="frequent" aria-label="Frequently seen">
      <h2>Frequently seen</h2>
      <Occurring title="Channels" field="channel" names={seen.value.channels} />
      <Occurring title="Events" field="event" names={seen.value.events} />
    </aside>
  );
}

function Occurring({ title, field, names }: { title: string; field: string; names: readonly Occurrences[] }): VNode {
  return (
    <section>
      <h3>{title}</h3>
      {names.length === 0 && <p class="hint">None yet</p>}
      <ul>
        {names.map(({ name, count }) => (
          <li key={name}>
            <button type="button" class="link mono" onClick={() => (filterText.value = `${field}:"${name}"`)}>
              {name}
            </button>
            <span class="count" title="Occurrences">
              {countText(count)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
