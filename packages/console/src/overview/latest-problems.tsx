import type { LogEntry } from "@sealcast/server/console";
import type { VNode } from "preact";
import { entryKinds } from "../log/entry-kinds.ts";
import { allEntries, matchingEntries } from "../log/live-log.ts";
import { app } from "../shell/app-choice.ts";
import { Table, type Column } from "../shell/table.tsx";
import { timeText } from "../shell/time-text.ts";

const maxShown = 5;

/** The newest errors and failures of the chosen app in the live log. */
export function LatestProblems(): VNode {
  // Another entry may have come.
  void matchingEntries.value;
  const problems = latest(allEntries());
  return (
    <>
      <h2>Latest problems of app {app.value?.id}</h2>
      {problems.length === 0 ? (
        <p class="hint">None: the live log has no error and no failed webhook.</p>
      ) : (
        <Table label="Latest problems" columns={columns} rows={problems} keyOf={({ node, id }) => `${node} ${id}`} />
      )}
    </>
  );
}

/** Newest first. */
function latest(entries: readonly LogEntry[]): LogEntry[] {
  const found: LogEntry[] = [];
  for (let index = entries.length - 1; index >= 0 && found.length < maxShown; index -= 1) {
    const entry = entries[index];
    if (entry !== undefined && entryKinds[entry.type].tone === "bad") found.push(entry);
  }
  return found;
}

const columns: readonly Column<LogEntry>[] = [
  { title: "Time", look: "mono nowrap", cell: ({ timeMs }) => timeText(timeMs) },
  { title: "Type", cell: ({ type }) => <span class="badge bad">{entryKinds[type].label}</span> },
  { title: "Details", cell: ({ details }) => details },
];
