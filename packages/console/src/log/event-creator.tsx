import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { EventToSend } from "@sealcast/server/console";
import { request } from "../api/request.ts";
import { app, appPath } from "../shell/app-choice.ts";
import { Dialog } from "../shell/dialog.tsx";
import { countText } from "../shell/number-text.ts";
import { showToast } from "../shell/toast.tsx";
import { isEncrypted } from "../unlock/is-encrypted.ts";
import { sealLocally, unlockedKeyCount } from "../unlock/unlocked-keys.ts";

/** What the form begins with. */
export type EventDraft = Partial<EventToSend>;

/** A form that publishes an event through the HTTP API's own path. */
export function EventCreator({ draft, onClose }: { draft: EventDraft; onClose: () => void }): VNode {
  const [channel, setChannel] = useState(draft.channel ?? "");
  const [event, setEvent] = useState(draft.event ?? "");
  const [data, setData] = useState(draft.data ?? '{\n  "message": "Hello"\n}');
  const [problem, setProblem] = useState<string>();
  const encrypted = isEncrypted(channel);
  const bytes = new TextEncoder().encode(data).length;
  const faultOfData = jsonFault(data);

  async function submit(submitted: SubmitEvent): Promise<void> {
    submitted.preventDefault();
    const sealed = encrypted ? sealLocally(channel, event, data) : data;
    if (sealed === undefined) return setProblem("Unlock with a master key first: this channel is encrypted.");
    const body: EventToSend = { channel, event, data: sealed };
    const answer = await request(appPath("/events"), { method: "POST", body });
    if (!answer.ok) return setProblem(answer.message);
    showToast("Event sent successfully");
    onClose();
  }

  return (
    <Dialog title="Create an event" onClose={onClose}>
      <form onSubmit={(submitted) => void submit(submitted)}>
        <label>
          Channel
          <input
            required
            class="mono"
            value={channel}
            placeholder="my-channel"
            onInput={({ currentTarget }) => setChannel(currentTarget.value)}
          />
        </label>
        <label>
          Event
          <input
            required
            class="mono"
            value={event}
            placeholder="my-event"
            onInput={({ currentTarget }) => setEvent(currentTarget.value)}
          />
        </label>
        <label>
          Data
          <textarea
            class="mono"
            rows={8}
            spellcheck={false}
            value={data}
            onInput={({ currentTarget }) => setData(currentTarget.value)}
          />
        </label>
        <p class="hint">
          {countText(bytes)} of {countText(app.value?.maxEventBytes ?? 0)} bytes ·{" "}
          {faultOfData === undefined ? "valid JSON" : `sent as text, because it is not JSON: ${faultOfData}`}
        </p>
        {encrypted && (
          <p class="hint">
            {unlockedKeyCount() > 0
              ? "This channel is encrypted: the data is sealed in this page before it is sent."
              : "This channel is encrypted. Unlock with a master key to send to it."}
          </p>
        )}
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <footer>
          <button type="submit" class="primary">
            Send event
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function jsonFault(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "not JSON";
  }
}
