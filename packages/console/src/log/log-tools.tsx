import type { VNode } from "preact";
import { Icon } from "../shell/icon.tsx";
import { SearchField } from "../shell/search-field.tsx";
import { countText } from "../shell/number-text.ts";
import { downloadEntries } from "./download-entries.ts";
import { clearLog, entriesPerSecond, filterText, matchingEntries, paused } from "./live-log.ts";
import { TypeMenu } from "./type-menu.tsx";

/** Filter, type switches and the buttons above the log. */
export function LogTools(): VNode {
  return (
    <div class="tools log-tools" role="toolbar" aria-label="Log">
      <SearchField
        label="Filter the log"
        placeholder="Text, channel:orders, 12:35"
        value={filterText.value}
        onInput={(text) => (filterText.value = text)}
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
        <output>{countText(entriesPerSecond.value)}/s</output>
      </label>
      <button type="button" aria-pressed={paused.value} onClick={() => (paused.value = !paused.value)}>
        <Icon name={paused.value ? "play" : "pause"} /> <span>{paused.value ? "Resume" : "Pause"}</span>
      </button>
      <button type="button" onClick={clearLog}>
        <Icon name="clear" /> <span>Clear</span>
      </button>
      <button type="button" onClick={() => downloadEntries(matchingEntries.value)}>
        <Icon name="download" /> <span>Export</span>
      </button>
    </div>
  );
}
