import type { VNode } from "preact";
import { allEntries, matchingEntries } from "../log/live-log.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { countText } from "../shell/number-text.ts";
import { linkTo } from "../shell/route.ts";
import { Table } from "../shell/table.tsx";
import { ageText } from "../shell/time-text.ts";
import { indexOfKeyId, keyInUse, unlockedKeyTimes } from "../unlock/unlocked-keys.ts";
import { seenKeys } from "./seen-keys.ts";

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
          head={["Channel", "Key id", "Unlocked key", { number: "Events" }, "Last seen"]}
        >
          {seen.map(({ keyId, channel, events, lastMs }) => (
            <tr key={`${channel} ${keyId}`}>
              <td class="mono">
                <a href={linkTo("log", { filter: `channel:${channel}` })}>{channel}</a>
              </td>
              <td class="mono">{keyId}</td>
              <td>{keyText(indexOfKeyId(channel, keyId))}</td>
              <td class="number">{countText(events)}</td>
              <td>{ageText(lastMs, Date.now())} ago</td>
            </tr>
          ))}
        </Table>
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
  return (
    <>
      <h2>Unlocked keys</h2>
      <p>
        {next === undefined ? "No switch is planned." : `The next switch is at ${new Date(next).toLocaleString()}.`}
      </p>
      <Table label="Unlocked keys" head={["Key", "Seals from", "State"]}>
        {times.map((fromMs, index) => (
          <tr key={index}>
            <td>Key {index + 1}</td>
            <td>{fromMs === undefined ? "the start" : new Date(fromMs).toLocaleString()}</td>
            <td>
              <span class={`badge ${index === inUse ? "good" : "plain"}`}>{stateText(index, inUse)}</span>
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}

function stateText(index: number, inUse: number): string {
  if (index === inUse) return "In use";
  return index < inUse ? "Replaced" : "Next";
}

function keyText(index: number | undefined): string {
  return index === undefined ? "None" : `Key ${index + 1}`;
}
