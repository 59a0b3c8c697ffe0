import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { LogEntry } from "@sealcast/server/console";
import { Icon } from "../shell/icon.tsx";
import { timeText } from "../shell/time-text.ts";
import { isEncrypted } from "../unlock/is-encrypted.ts";
import { entryKinds } from "./entry-kinds.ts";
import { useVirtualRows } from "./use-virtual-rows.ts";

/** Height of a row in pixels. On a narrow screen, a row has two lines. */
const rowHeights = { wide: 36, narrow: 60 };
const narrow = matchMedia("(width < 48rem)");
const isNarrow = signal(narrow.matches);
narrow.addEventListener("change", () => (isNarrow.value = narrow.matches));

interface LogTableProps {
  /** Oldest first; the table shows the newest on top. */
  readonly entries: readonly LogEntry[];
  readonly selected: LogEntry | undefined;
  readonly onSelect: (entry: LogEntry) => void;
}

/** The live log as a list of which only the rows in view are in the page. */
export function LogTable({ entries, selected, onSelect }: LogTableProps): VNode {
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = isNarrow.value ? rowHeights.narrow : rowHeights.wide;
  const { rows, totalHeight } = useVirtualRows(scroller, entries.length, rowHeight);
  return (
    <div class="log-table" ref={scroller} tabIndex={0} role="region" aria-label="Log entries, newest first">
      <div class="log-rows" role="list" style={{ height: `${totalHeight}px` }}>
        {rows.map(({ index, start }) => {
          const entry = entries[entries.length - 1 - index];
          return (
            entry && (
              <LogRow
                key={`${entry.node}/${entry.id}`}
                entry={entry}
                top={start}
                height={rowHeight}
                selected={entry === selected}
                onSelect={onSelect}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

interface LogRowProps {
  readonly entry: LogEntry;
  readonly top: number;
  readonly height: number;
  readonly selected: boolean;
  readonly onSelect: (entry: LogEntry) => void;
}

function LogRow({ entry, top, height, selected, onSelect }: LogRowProps): VNode {
  const { label, tone } = entryKinds[entry.type];
  return (
    <div role="listitem" class="log-item" style={{ transform: `translateY(${top}px)`, height: `${height}px` }}>
      <button type="button" class={selected ? "log-row selected" : "log-row"} onClick={() => onSelect(entry)}>
        <span class={`badge ${tone}`}>{label}</span>
        <span class="log-details">
          {entry.data !== undefined && isEncrypted(entry.channel ?? "") && (
            <span class="sealed" title="Encrypted end to end">
              <Icon name="lock" />
              <span class="visually-hidden">Encrypted. </span>
            </span>
          )}
          {entry.details}
        </span>
        <span class="log-socket mono">{entry.socketId ?? ""}</span>
        <time class="mono" dateTime={new Date(entry.timeMs).toISOString()}>
          {timeText(entry.timeMs)}
        </time>
      </button>
    </div>
  );
}
