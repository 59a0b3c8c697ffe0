import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { entryTypes, type LogEntry } from "@sealcast/server/console";
import { later } from "../later/later.tsx";
import { app } from "../shell/app-choice.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { Icon } from "../shell/icon.tsx";
import { countText, numbered } from "../shell/number-text.ts";
import { isAdmin } from "../shell/permissions.ts";
import { linkTo, route } from "../shell/route.ts";
import { FrequentNames } from "./frequent-names.tsx";
import { filterText, leftOut, matchingEntries, paused, shownTypes, waiting } from "./live-log.ts";
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
          <FrequentNames />
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
  if (shownTypes.value.size === 0)
    return (
      <EmptyState title="All types of entries are off">
        <button type="button" onClick={() => (shownTypes.value = new Set(entryTypes))}>
          Show all types
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
