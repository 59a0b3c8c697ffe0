import type { AttemptRow, WebhookRow, WebhookSettings } from "@sealcast/server/console";
import type { VNode } from "preact";
import { countText } from "../shell/number-text.ts";
import { Table, type Column } from "../shell/table.tsx";
import { timeText } from "../shell/time-text.ts";
import { DeadLetters } from "./dead-letters.tsx";

interface WebhookCardProps {
  readonly row: WebhookRow;
  /** Called after a change. */
  readonly onChange: () => void;
  /** Undefined: the settings cannot be changed here. */
  readonly onEdit: (() => void) | undefined;
  readonly onRemove: (() => void) | undefined;
}

/** One webhook: its settings, the deliveries that were given up, and the latest attempts. */
export function WebhookCard({ row, onChange, onEdit, onRemove }: WebhookCardProps): VNode {
  const { url, attempts, deadLetters } = row;
  return (
    <section class="step wide-step">
      <header class="page-head">
        <h2 class="mono">{url}</h2>
        {onEdit !== undefined && onRemove !== undefined && (
          <span class="tools">
            <button type="button" class="small" onClick={onEdit}>
              Change<span class="visually-hidden"> {url}</span>
            </button>
            <button type="button" class="small" onClick={onRemove}>
              Remove<span class="visually-hidden"> {url}</span>
            </button>
          </span>
        )}
      </header>
      <p class="hint">{settingsText(row)}</p>
      <h3>Dead letters</h3>
      <DeadLetters url={url} letters={deadLetters} onChange={onChange} />
      <h3>Latest deliveries</h3>
      {attempts.length === 0 ? (
        <p class="hint">Nothing was sent yet.</p>
      ) : (
        <Table
          label={`Deliveries to ${url}`}
          columns={columns}
          rows={attempts}
          keyOf={({ delivery, timeMs }) => `${delivery} ${timeMs}`}
        />
      )}
    </section>
  );
}

const columns: readonly Column<AttemptRow>[] = [
  { title: "Time", look: "mono nowrap", cell: ({ timeMs }) => timeText(timeMs) },
  {
    title: "Result",
    cell: ({ status, error }) => (
      <span class={error === undefined ? "badge good" : "badge bad"}>
        {error === undefined ? `Sent, status ${status}` : `Failed: ${error}`}
      </span>
    ),
  },
  { title: "Took", look: "number", cell: ({ durationMs }) => `${countText(durationMs)} ms` },
  { title: "Events", look: "number", cell: ({ events }) => countText(events) },
  { title: "Delivery", look: "mono nowrap wide", cell: ({ delivery }) => delivery },
];

/** What a webhook sends, for people. */
function settingsText({ events, channels, headers, batch }: WebhookSettings): string {
  const names = Object.keys(headers);
  return [
    events.length === 0 ? "No events" : events.join(", "),
    ...(channels.prefix === "" ? [] : [`channels that begin with ${channels.prefix}`]),
    ...(channels.suffix === "" ? [] : [`channels that end with ${channels.suffix}`]),
    ...(names.length === 0 ? [] : [`headers ${names.join(", ")}`]),
    batch ? "several events in one request" : "one request for each event",
  ].join(" · ");
}
