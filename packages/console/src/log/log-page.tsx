import { useComputed } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LogEntry } from "@sealcast/server/console";
import { later } from "../later/later.tsx";
import { app } from "../shell/app-choice.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { Icon } from "../shell/icon.tsx";
import { countText, numbered } from "../shell/number-text.ts";
import { isAdmin } from "../shell/permissions.ts";
import { linkTo, route } from "../shell/route.ts";
import { frequentlySeen, type Occurrences } from "./frequently-seen.ts";
import { allEntries, filterText, leftOut, matchingEntries, paused, shownTypes, waiting } from "./live-log.ts";
import { keepInAddress } from "./log-address.ts";
import { LogTable } from "./log-table.tsx";
import { LogTools } from "./log-tools.tsx";
import type { EventDraft } from "./replay.ts";

const EntryPanel = later((parts) => parts.EntryPanel);
const EventCreator = later((parts) => parts.EventCreator);

/** The live log of the chosen app. */
export function LogPage(): VNode {
  const [selected, setSelected] = useState<LogEntry>();
  const [draft, setDraft] = useState<EventDraft>();
  const maySend = isAdmin();
  useEffect(keepInAddress, [route.value, filterText.value, shownTypes.value, app.value?.id]);

  return (
    <>
      <header class="page-head">
        <h1>Live log</h1>
        {maySend && (
          <button type="button" class="primary" onClick={() => setDraft({})}>
            <Icon name="send" /> Create event
          </button>
        )}
      </header>
      <LogTools />
      <p class="summary" aria-live="off">
        {numbered(matchingEntries.value.length, "entry", "entries")}
        {paused.value && ` · paused, ${numbered(waiting.value, "new entry waits", "new entries wait")}`}
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
