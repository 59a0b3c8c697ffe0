import { useComputed } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { entryTypes, type EntryType, type LogEntry } from "@sealcast/server/console";
import { session } from "../api/request.ts";
import { later } from "../later/later.tsx";
import { EmptyState } from "../shell/empty-state.tsx";
import { countText } from "../shell/number-text.ts";
import { keepParameters, linkTo, route } from "../shell/route.ts";
import { frequentlySeen, type Occurrences } from "./frequently-seen.ts";
import { allEntries, filterText, leftOut, matchingEntries, shownTypes } from "./live-log.ts";
import { LogTable } from "./log-table.tsx";
import { LogTools } from "./log-tools.tsx";
import type { EventDraft } from "./replay.ts";

const EntryPanel = later((parts) => parts.EntryPanel);
const EventCreator = later((parts) => parts.EventCreator);

/** The live log of the chosen app. */
export function LogPage(): VNode {
  const [selected, setSelected] = useState<LogEntry>();
  const [draft, setDraft] = useState<EventDraft>();
  const maySend = session.value?.operator?.role === "admin";
  useEffect(readParameters, []);
  useEffect(writeParameters, [filterText.value, shownTypes.value]);

  return (
    <>
      <h1>Live log</h1>
      <LogTools onCreate={maySend ? () => setDraft({}) : undefined} />
      <p class="summary" aria-live="off">
        {countText(matchingEntries.value.length)} entries
        {leftOut.value > 0 && ` · ${countText(leftOut.value)} left out, because there were too many to show`}
      </p>
      <div class={selected === undefined ? "log-layout" : "log-layout with-panel"}>
        {matchingEntries.value.length === 0 ? (
          <NothingYet />
        ) : (
          <LogTable entries={matchingEntries.value} selected={selected} onSelect={setSelected} />
        )}
        {selected === undefined ? (
          <FrequentlySeen />
        ) : (
          <EntryPanel
            entry={selected}
            onReplay={maySend ? setDraft : undefined}
            onClose={() => setSelected(undefined)}
          />
        )}
      </div>
      {draft !== undefined && <EventCreator draft={draft} onClose={() => setDraft(undefined)} />}
    </>
  );
}

function NothingYet(): VNode {
  if (filterText.value !== "")
    return (
      <EmptyState title="No entry matches the filter">
        <button type="button" onClick={() => (filterText.value = "")}>
          Remove the filter
        </button>
      </EmptyState>
    );
  return (
    <EmptyState title="Waiting for something to happen">
      Connect a client or publish an event; both appear here at once.{" "}
      <a href={linkTo("getting-started")}>Show me how</a>
    </EmptyState>
  );
}

function FrequentlySeen(): VNode {
  const seen = useComputed(() => {
    void matchingEntries.value;
    return {
      channels: frequentlySeen(allEntries(), (entry) => entry.channel),
      events: frequentlySeen(allEntries(), (entry) => entry.event),
    };
  });
  return (
    <aside class="frequent" aria-label="Frequently seen">
      <Occurring title="Channels" field="channel" names={seen.value.channels} />
      <Occurring title="Events" field="event" names={seen.value.events} />
    </aside>
  );
}

function Occurring({ title, field, names }: { title: string; field: string; names: readonly Occurrences[] }): VNode {
  return (
    <section>
      <h2>{title}</h2>
      {names.length === 0 && <p class="hint">None yet</p>}
      <ul>
        {names.map(({ name, count }) => (
          <li key={name}>
            <button type="button" class="link mono" onClick={() => (filterText.value = `${field}:${name}`)}>
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

/** Takes filter and types from the address, so that a link shows the same log. */
function readParameters(): void {
  const { parameters } = route.peek();
  filterText.value = parameters.get("filter") ?? filterText.peek();
  const types = parameters.get("types");
  if (types !== null) shownTypes.value = new Set(types.split(",").filter(isEntryType));
}

function writeParameters(): void {
  const types = [...shownTypes.value];
  keepParameters({
    ...(filterText.value === "" ? {} : { filter: filterText.value }),
    ...(types.length === entryTypes.length ? {} : { types: types.join(",") }),
  });
}

function isEntryType(type: string): type is EntryType {
  return entryTypes.some((known) => known === type);
}
