import { serverToUserChannel, userOfChannel, type ChannelName, type UserId } from "@sealcast/protocol";
import type { EventToSend } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { request } from "../api/request.ts";
import { app, appPath } from "../shell/app-choice.ts";
import { Dialog } from "../shell/dialog.tsx";
import { Icon } from "../shell/icon.tsx";
import { countText } from "../shell/number-text.ts";
import { Problem } from "../shell/problem.tsx";
import { Tabs } from "../shell/tabs.tsx";
import { TextField } from "../shell/text-field.tsx";
import { showToast } from "../shell/toast.tsx";
import { isEncrypted } from "../unlock/is-encrypted.ts";
import { unlockedKeyCount } from "../unlock/key-list.ts";
import { UnlockDialog } from "../unlock/unlock-dialog.tsx";
import { sealLocally } from "../unlock/unlocked-keys.ts";
import type { EventDraft } from "./replay.ts";

const receivers = [
  { id: "channel", label: "To a channel" },
  { id: "user", label: "To one user" },
] as const;

/** A form that publishes an event through the HTTP API's own path. */
export function EventCreator({ draft, onClose }: { draft: EventDraft; onClose: () => void }): VNode {
  const user = userOfChannel((draft.channel ?? "") as ChannelName);
  const [receiver, setReceiver] = useState<"channel" | "user">(user === undefined ? "channel" : "user");
  const [name, setName] = useState<string>(user ?? draft.channel ?? "");
  const [event, setEvent] = useState(draft.event ?? "");
  const [data, setData] = useState(draft.data ?? '{\n  "message": "Hello"\n}');
  const [problem, setProblem] = useState<string>();
  const [unlocking, setUnlocking] = useState(false);
  const channel = receiver === "user" ? serverToUserChannel(name as UserId) : name;
  const sealing = sealingOf(draft, channel, data);

  async function submit(submitted: SubmitEvent): Promise<void> {
    submitted.preventDefault();
    const sealed = sealing === "sealed-here" ? sealLocally(channel, event, data) : data;
    if (sealed === undefined || sealing === "locked") return setUnlocking(true);
    const body: EventToSend = { channel, event, data: sealed };
    const answer = await request(appPath("/events"), { method: "POST", body });
    if (!answer.ok) return setProblem(answer.message);
    showToast("Event sent successfully");
    onClose();
  }

  return (
    <Dialog title={draft.event === undefined ? "Create an event" : "Send an event again"} onClose={onClose}>
      <form onSubmit={(submitted) => void submit(submitted)}>
        <Tabs name="Receiver" tabs={receivers} chosen={receiver} onChoose={setReceiver} />
        <TextField
          label={receiver === "user" ? "User id" : "Channel"}
          required
          placeholder={receiver === "user" ? "user-1" : "my-channel"}
          value={name}
          onInput={setName}
        />
        {receiver === "user" && (
          <p class="hint">Every connection on which this user is signed in gets the event, on any channel or none.</p>
        )}
        <TextField label="Event" required placeholder="my-event" value={event} onInput={setEvent} />
        <TextField label="Data" rows={8} value={data} onInput={setData} />
        <DataHint data={data} />
        {sealing !== "plain" && <p class="hint">{sealingTexts[sealing]}</p>}
        <Problem text={problem} />
        <footer>
          {sealing === "locked" && (
            <button type="button" onClick={() => setUnlocking(true)}>
              <Icon name="lock" /> Unlock
            </button>
          )}
          <button type="submit" class="primary">
            Send event
          </button>
        </footer>
      </form>
      {unlocking && <UnlockDialog onClose={() => setUnlocking(false)} />}
    </Dialog>
  );
}

/** How the data gets encrypted: not at all, it is a ciphertext already, in this page, or not before somebody unlocks. */
type Sealing = "plain" | keyof typeof sealingTexts;

const sealingTexts = {
  "as-it-was": "The data is a ciphertext. It is sent as it is, and subscribers can open it.",
  "sealed-here": "This channel is encrypted: the data is sealed in this page before it is sent.",
  locked: "This channel is encrypted. Unlock with a master key to send to it.",
} as const;

function sealingOf(draft: EventDraft, channel: string, data: string): Sealing {
  if (!isEncrypted(channel)) return "plain";
  if (draft.isCiphertext === true && channel === draft.channel && data === draft.data) return "as-it-was";
  return unlockedKeyCount() > 0 ? "sealed-here" : "locked";
}

function DataHint({ data }: { data: string }): VNode {
  const bytes = new TextEncoder().encode(data).length;
  const most = app.value?.maxEventBytes ?? 0;
  const fault = jsonFault(data);
  return (
    <p class={bytes > most ? "problem" : "hint"}>
      {countText(bytes)} of {countText(most)} bytes ·{" "}
      {fault === undefined ? "valid JSON" : `sent as text, because it is not JSON: ${fault}`}
    </p>
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
