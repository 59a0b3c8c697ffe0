import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { DeadLetterCount, WebhookList, WebhookRow, WebhookSettings } from "@sealcast/server/console";
import { request, session } from "../api/request.ts";
import { useFetched } from "../api/use-fetched.ts";
import { appPath } from "../shell/app-choice.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { bytesText, countText, numbered } from "../shell/number-text.ts";
import { Table } from "../shell/table.tsx";
import { ageText, timeText } from "../shell/time-text.ts";
import { showToast } from "../shell/toast.tsx";
import { mayChangeApps } from "../apps/may-change-apps.ts";
import { ConfirmDialog } from "../shell/confirm-dialog.tsx";
import { WebhookForm } from "./webhook-form.tsx";
import { withWebhook } from "./webhook-settings.ts";

/** The webhooks of the chosen app: what was sent, and what was given up. */
export function WebhooksPage(): VNode {
  const [answer, fetchNow] = useFetched<WebhookList>(appPath("/webhooks"));
  const list = answer?.ok === true ? answer.value : undefined;
  const rows = list?.rows ?? [];
  const mayChange = mayChangeApps();
  /** The webhook that a form is open for; "new": one that is added. */
  const [editing, setEditing] = useState<WebhookSettings | "new">();
  const [removing, setRemoving] = useState<WebhookSettings>();
  const edited = editing === "new" ? undefined : editing;

  /** Replaces one webhook; returns why that failed, or undefined. */
  async function save(
    was: WebhookSettings | undefined,
    next: WebhookSettings | undefined,
  ): Promise<string | undefined> {
    const webhooks = withWebhook(rows.map(settingsOf), was, next);
    if (webhooks === undefined) return "Somebody else has changed or removed this webhook. Close this and look again.";
    const result = await request(appPath(""), { method: "PATCH", body: { webhooks } });
    fetchNow();
    return result.ok ? undefined : result.message;
  }

  async function remove(webhook: WebhookSettings): Promise<void> {
    const failure = await save(webhook, undefined);
    showToast(failure ?? "The webhook was removed", failure !== undefined);
  }

  return (
    <>
      <header class="page-head">
        <h1>Webhooks</h1>
        {mayChange && list !== undefined && (
          <button type="button" class="primary" onClick={() => setEditing("new")}>
            Add webhook
          </button>
        )}
      </header>
      <Source />
      {answer?.ok === false && <p class="problem">{answer.message}</p>}
      {list?.waiting !== undefined && (
        <p class="summary">
          {numbered(list.waiting.events, "event waits", "events wait")} ({bytesText(list.waiting.bytes)}) ·{" "}
          {numbered(list.waiting.deadLetters, "dead letter", "dead letters")}, over all apps
        </p>
      )}
      {list?.rows.length === 0 && (
        <EmptyState title="This app has no webhook">
          Webhooks tell your backend what happens: channels that are occupied or vacated, members, client events.
          {mayChange && " Add one with the URL of your backend."}
        </EmptyState>
      )}
      {rows.map((row) => (
        <Webhook
          key={row.url}
          row={row}
          onChange={fetchNow}
          onEdit={mayChange ? () => setEditing(settingsOf(row)) : undefined}
          onRemove={mayChange ? () => setRemoving(settingsOf(row)) : undefined}
        />
      ))}
      {editing !== undefined && (
        <WebhookForm webhook={edited} onSave={(next) => save(edited, next)} onClose={() => setEditing(undefined)} />
      )}
      {removing !== undefined && (
        <ConfirmDialog
          title="Remove the webhook"
          action="Remove the webhook"
          onConfirm={() => void remove(removing)}
          onClose={() => setRemoving(undefined)}
        >
          <span class="mono">{removing.url}</span> gets no further events.
        </ConfirmDialog>
      )}
    </>
  );
}

/** Where webhooks come from if they cannot be changed here. */
function Source(): VNode | null {
  const { appSource, appsAreEditable } = session.value?.server ?? {};
  if (appsAreEditable === true) return null;
  return (
    <p class="hint">
      These webhooks are read-only, because the apps come from {appSource}. Change them there; the server takes a
      changed file over at once. To change webhooks in this page, keep the apps in a database: set{" "}
      <code>appDatabase</code>.
    </p>
  );
}

/** The settings of a webhook without its deliveries. */
function settingsOf({ url, events, channels, headers, batch }: WebhookRow): WebhookSettings {
  return { url, events, channels, headers, batch };
}

/** What the settings say besides URL and events; "" for the defaults. */
function moreText({ channels, headers, batch }: WebhookSettings): string {
  const names = Object.keys(headers);
  return [
    ...(channels.prefix === "" ? [] : [`channels that begin with ${channels.prefix}`]),
    ...(channels.suffix === "" ? [] : [`channels that end with ${channels.suffix}`]),
    ...(names.length === 0 ? [] : [`headers ${names.join(", ")}`]),
    ...(batch ? ["several events in one request"] : []),
  ].join(" · ");
}

interface WebhookProps {
  readonly row: WebhookRow;
  readonly onChange: () => void;
  /** Undefined: the settings cannot be changed here. */
  readonly onEdit: (() => void) | undefined;
  readonly onRemove: (() => void) | undefined;
}

function Webhook({ row, onChange, onEdit, onRemove }: WebhookProps): VNode {
  const { url, events, attempts, deadLetters } = row;
  const mayChange = session.value?.operator?.role === "admin";

  async function change(action: "replay" | "clear", done: string, id?: string): Promise<void> {
    const body = id === undefined ? { url } : { url, id };
    const answer = await request<DeadLetterCount>(appPath(`/webhooks/${action}`), { method: "POST", body });
    showToast(answer.ok ? `${countText(answer.value.count)} ${done}` : answer.message, !answer.ok);
    onChange();
  }

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
      <p class="hint">{events.join(", ")}</p>
      {moreText(row) !== "" && <p class="hint">{moreText(row)}</p>}
      <h3>Dead letters</h3>
      {deadLetters.length === 0 ? (
        <p class="hint">None: no delivery was given up.</p>
      ) : (
        <>
          {mayChange && (
            <div class="tools">
              <button
                type="button"
                class="primary"
                onClick={() => void change("replay", "dead letters are sent again")}
              >
                Send all again
              </button>
              <button type="button" onClick={() => void change("clear", "dead letters were removed")}>
                Remove all
              </button>
            </div>
          )}
          <Table label={`Dead letters of ${url}`} head={["Given up", "Why", "Events", ...(mayChange ? [""] : [])]}>
            {deadLetters.map(({ id, failedMs, error, events: inside }) => (
              <tr key={id}>
                <td>{ageText(failedMs, Date.now())} ago</td>
                <td>{error}</td>
                <td class="mono">{inside.map(({ name, channel }) => `${name} ${channel}`).join(", ")}</td>
                {mayChange && (
                  <td class="actions">
                    <button
                      type="button"
                      class="small"
                      onClick={() => void change("replay", "dead letter is sent again", id)}
                    >
                      Send again<span class="visually-hidden"> {id}</span>
                    </button>
                    <button
                      type="button"
                      class="small"
                      onClick={() => void change("clear", "dead letter was removed", id)}
                    >
                      Remove<span class="visually-hidden"> {id}</span>
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </Table>
        </>
      )}
      <h3>Latest deliveries</h3>
      {attempts.length === 0 ? (
        <p class="hint">Nothing was sent yet.</p>
      ) : (
        <Table
          label={`Deliveries to ${url}`}
          head={["Time", "Result", { number: "Took" }, { number: "Events" }, "Delivery"]}
        >
          {attempts.map(({ delivery, timeMs, durationMs, events: count, status, error }) => (
            <tr key={`${delivery}/${timeMs}`}>
              <td class="mono nowrap">{timeText(timeMs)}</td>
              <td>
                <span class={error === undefined ? "badge good" : "badge bad"}>
                  {error === undefined ? `Sent, status ${status}` : `Failed: ${error}`}
                </span>
              </td>
              <td class="number">{countText(durationMs)} ms</td>
              <td class="number">{countText(count)}</td>
              <td class="mono nowrap">{delivery}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
