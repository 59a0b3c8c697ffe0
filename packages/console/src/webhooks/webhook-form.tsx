import { webhookEventNames } from "@sealcast/protocol";
import type { WebhookSettings } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../shell/dialog.tsx";
import { Problem } from "../shell/problem.tsx";
import { TextField } from "../shell/text-field.tsx";
import { toggled } from "../shell/toggled.ts";
import { headerText, parseHeaders } from "./webhook-settings.ts";

interface WebhookFormProps {
  /** Undefined: a new one. */
  readonly webhook: WebhookSettings | undefined;
  /** Saves the settings; returns why that failed, or undefined. */
  readonly onSave: (settings: WebhookSettings) => Promise<string | undefined>;
  readonly onClose: () => void;
}

/** A form for the settings of one webhook. */
export function WebhookForm({ webhook, onSave, onClose }: WebhookFormProps): VNode {
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [events, setEvents] = useState<ReadonlySet<string>>(new Set(webhook?.events ?? webhookEventNames));
  const [prefix, setPrefix] = useState(webhook?.channels.prefix ?? "");
  const [suffix, setSuffix] = useState(webhook?.channels.suffix ?? "");
  const [headers, setHeaders] = useState(headerText(webhook?.headers ?? {}));
  const [batch, setBatch] = useState(webhook?.batch ?? true);
  const [problem, setProblem] = useState<string>();

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const parsed = parseHeaders(headers);
    if (!parsed.ok) return setProblem(`Expected a header such as "X-Tenant: 7" in each line, got "${parsed.line}"`);
    const chosen = webhookEventNames.filter((name) => events.has(name));
    const failure = await onSave({
      url,
      events: chosen,
      channels: { prefix, suffix },
      headers: parsed.headers,
      batch,
    });
    if (failure === undefined) onClose();
    else setProblem(failure);
  }

  return (
    <Dialog title={webhook === undefined ? "Add a webhook" : "Change a webhook"} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <TextField
          label="URL"
          required
          inputMode="url"
          placeholder="https://backend.example.com/webhooks"
          value={url}
          onInput={setUrl}
        />
        <fieldset class="features two-columns">
          <legend>Events</legend>
          {webhookEventNames.map((name) => (
            <label key={name} class="feature">
              <input type="checkbox" checked={events.has(name)} onChange={() => setEvents(toggled(events, name))} />
              <span class="mono">{name}</span>
            </label>
          ))}
        </fieldset>
        <div class="two-columns">
          <TextField label="Channels that begin with" placeholder="any" value={prefix} onInput={setPrefix} />
          <TextField label="and end with" placeholder="any" value={suffix} onInput={setSuffix} />
        </div>
        <TextField
          label="Headers, one per line"
          rows={2}
          placeholder="X-Tenant: 7"
          value={headers}
          onInput={setHeaders}
        />
        <label class="feature">
          <input type="checkbox" checked={batch} onChange={() => setBatch(!batch)} />
          <span>Several events in one request</span>
        </label>
        <Problem text={problem} />
        <footer>
          <button type="submit" class="primary">
            Save
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
