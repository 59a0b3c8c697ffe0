import type { VNode } from "preact";
import { entryTypes, type EntryType } from "@sealcast/server/console";
import { Icon } from "../shell/icon.tsx";
import { downloadEntries } from "./download-entries.ts";
import { entryKinds } from "./entry-kinds.ts";
import { clearLog, entriesPerSecond, filterText, matchingEntries, paused, shownTypes } from "./live-log.ts";

/** Filter, type switches and the buttons above the log. */
export function LogTools({ onCreate }: { onCreate: (() => void) | undefined }): VNode {
  return (
    <div class="tools" role="toolbar" aria-label="Log">
      <input
        type="search"
        class="filter"
        placeholder="Text, channel:orders, 12:35"
        aria-label="Filter the log"
        value={filterText.value}
        onInput={({ currentTarget }) => (filterText.value = currentTarget.value)}
      />
      <TypeMenu />
      <label class="speed">
        Speed
        <input
          type="range"
          min={0}
          max={3}
          step={1}
          value={Math.log10(entriesPerSecond.value)}
          aria-valuetext={`${entriesPerSecond.value} entries per second`}
          onInput={({ currentTarget }) => (entriesPerSecond.value = 10 ** Number(currentTarget.value))}
        />
      </label>
      <button type="button" aria-pressed={paused.value} onClick={() => (paused.value = !paused.value)}>
        <Icon name={paused.value ? "play" : "pause"} /> {paused.value ? "Resume" : "Pause"}
      </button>
      <button type="button" onClick={clearLog}>
        <Icon name="clear" /> Clear
      </button>
      <button type="button" onClick={() => downloadEntries(matchingEntries.value)}>
        <Icon name="download" /> Export
      </button>
      {onCreate !== undefined && (
        <button type="button" class="primary" onClick={onCreate}>
          <Icon name="send" /> Create event
        </button>
      )}
    </div>
  );
}

function TypeMenu(): VNode {
  const all = shownTypes.value.size === entryTypes.length;
  return (
    <details class="menu">
      <summary>
        Log types <span class="count">{all ? "all" : shownTypes.value.size}</span>
      </summary>
      <div class="menu-items">
        <p class="hint">The server sends only the selected types.</p>
        <label>
          <input type="checkbox" checked={all} onChange={() => (shownTypes.value = new Set(all ? [] : entryTypes))} />{" "}
          Toggle all
        </label>
        {entryTypes.map((type) => (
          <label key={type}>
            <input type="checkbox" checked={shownTypes.value.has(type)} onChange={() => toggle(type)} />
            <span class={`badge ${entryKinds[type].tone}`}>{entryKinds[type].label}</span>
          </label>
        ))}
      </div>
    </details>
  );
}

function toggle(type: EntryType): void {
  const types = new Set(shownTypes.value);
  if (!types.delete(type)) types.add(type);
  shownTypes.value = types;
}
