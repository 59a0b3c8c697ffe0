import type { VNode } from "preact";
import { allEntries, matchingEntries } from "../log/live-log.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { countText } from "../shell/number-text.ts";
import { linkTo } from "../shell/route.ts";
import { Table, type Column } from "../shell/table.tsx";
import { agoText } from "../shell/time-text.ts";
import { unlockedKeyCount } from "../unlock/key-list.ts";
import { indexOfKeyId, keyInUse, unlockedKeyTimes } from "../unlock/unlocked-keys.ts";
import { seenKeys, type SeenKey } from "./seen-keys.ts";

/** How far a rotation of keys is: which keys are unlocked here, and which ones events still name. */
export function KeysPage(): VNode {
  // Another entry may have come.
  void matchingEntries.value;
  const seen = seenKeys(allEntries());
  return (
    <>
      <h1>Key rotation</h1>
      <p class="hint">
        The server holds no key. What this page knows comes from the key ids in events on sealed channels, and from the
        key ring that you unlock in this page. Encrypted channels (<code>private-encrypted-</code>) have no key ids.
      </p>
      <Ring />
      <h2>Key ids in events</h2>
      {seen.length === 0 ? (
        <EmptyState title="No event on a sealed channel was seen yet">
          Key ids appear here as soon as the <a href={linkTo("log")}>live log</a> has an event on a channel whose name
          begins with <code>private-sealed-</code> or <code>presence-sealed-</code>.
        </EmptyState>
      ) : (
        <Table
          label="Key ids in events"
          columns={seenColumns}
          rows={seen}
          keyOf={({ channel, keyId }) => `${channel} ${keyId}`}
        />
      )}
    </>
  );
}

function Ring(): VNode {
  const times = unlockedKeyTimes();
  if (times.length === 0)
    return (
      <p class="hint">
        Choose <strong>Unlock</strong> and paste your key ring to see which key is in use and when the next switch is.
      </p>
    );
  const inUse = keyInUse();
  const next = times[inUse + 1];
  const rows = times.map((fromMs, index) => ({
    index,
    fromMs,
    isInUse: index === inUse,
    state: stateText(index, inUse),
  }));
  return (
    <>
      <h2>Unlocked keys</h2>
      <p>
        {next === undefined ? "No switch is planned." : `The next switch is at ${new Date(next).toLocaleString()}.`}
      </p>
      <Table label="Unlocked keys" columns={ringColumns} rows={rows} keyOf={({ index }) => String(index)} />
    </>
  );
}

const seenColumns: readonly Column<SeenKey>[] = [
  {
    title: "Channel",
    look: "mono",
    cell: ({ channel }) => <a href={linkTo("log", { filter: `channel:"${channel}"` })}>{channel}</a>,
  },
  { title: "Key id", look: "mono", cell: ({ keyId }) => keyId },
  { title: "Unlocked key", cell: ({ channel, keyId }) => unlockedKeyText(channel, keyId) },
  { title: "Events", look: "number", cell: ({ events }) => countText(events) },
  { title: "Last seen", look: "nowrap", cell: ({ lastMs }) => agoText(lastMs) },
];

/** One key of the unlocked ring. */
interface RingRow {
  readonly index: number;
  readonly fromMs: number | undefined;
  readonly isInUse: boolean;
  readonly state: string;
}

const ringColumns: readonly Column<RingRow>[] = [
  { title: "Key", cell: ({ index }) => `Key ${index + 1}` },
  {
    title: "Seals from",
    cell: ({ fromMs }) => (fromMs === undefined ? "the start" : new Date(fromMs).toLocaleString()),
  },
  { title: "State", cell: ({ isInUse, state }) => <span class={`badge ${isInUse ? "good" : "plain"}`}>{state}</span> },
];

function stateText(index: number, inUse: number): string {
  if (index === inUse) return "In use";
  return index < inUse ? "Replaced" : "Next";
}

/** Which of the unlocked keys an id names; undefined if no key is unlocked. */
function unlockedKeyText(channel: string, keyId: string): string | undefined {
  if (unlockedKeyCount() === 0) return undefined;
  const index = indexOfKeyId(channel, keyId);
  return index === undefined ? "None of them" : `Key ${index + 1}`;
}
