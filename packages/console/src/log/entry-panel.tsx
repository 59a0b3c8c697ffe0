import type { ComponentChildren, VNode } from "preact";
import type { LogEntry } from "@sealcast/server/console";
import { Icon } from "../shell/icon.tsx";
import { timeText } from "../shell/time-text.ts";
import { entryData, type EntryData } from "./entry-data.ts";
import { entryKinds } from "./entry-kinds.ts";
import { EventData } from "./event-data.tsx";
import { replayOf, type EventDraft, type Replay } from "./replay.ts";

interface EntryPanelProps {
  readonly entry: LogEntry;
  /** Opens the form that sends the event again; undefined: the operator may not send events. */
  readonly onReplay: ((draft: EventDraft) => void) | undefined;
  readonly onClose: () => void;
}

/** Everything that is known of one log entry. */
export function EntryPanel({ entry, onReplay, onClose }: EntryPanelProps): VNode {
  const data = entryData(entry);
  return (
    <aside class="entry-panel" aria-label="Selected entry">
      <header>
        <span class={`badge ${entryKinds[entry.type].tone}`}>{entryKinds[entry.type].label}</span>
        <button type="button" class="quiet" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <p class="entry-details">{entry.details}</p>
      <dl>
        <Field name="Time">{`${timeText(entry.timeMs)}.${String(entry.timeMs % 1_000).padStart(3, "0")}`}</Field>
        <Field name="Channel">{entry.channel}</Field>
        <Field name="Event">{entry.event}</Field>
        <Field name="Socket">{entry.socketId}</Field>
        <Field name="User">{entry.userId}</Field>
        <Field name="Node">{entry.node}</Field>
      </dl>
      {data !== undefined && <EventData title={titles[data.state]} data={data} />}
      {onReplay !== undefined && <SendAgain replay={replayOf(entry)} onReplay={onReplay} />}
    </aside>
  );
}

const titles: Readonly<Record<EntryData["state"], ComponentChildren>> = {
  plain: "Data",
  ciphertext: (
    <>
      <Icon name="lock" /> Data as the server sees it
    </>
  ),
  opened: (
    <>
      <Icon name="unlock" /> Data, opened in this page
    </>
  ),
};

function SendAgain({
  replay,
  onReplay,
}: {
  replay: Replay | undefined;
  onReplay: (draft: EventDraft) => void;
}): VNode | null {
  if (replay === undefined) return null;
  if (!replay.ok) return <p class="hint">{replay.why}</p>;
  return (
    <div class="send-again">
      <button type="button" onClick={() => onReplay(replay.draft)}>
        <Icon name="repeat" /> Send again
      </button>
      {replay.note !== undefined && <p class="hint">{replay.note}</p>}
    </div>
  );
}

function Field({ name, children }: { name: string; children: ComponentChildren }): VNode | null {
  if (children === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd class="mono">{children}</dd>
    </div>
  );
}
