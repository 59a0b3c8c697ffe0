import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { WebhookList, WebhookRow, WebhookSettings } from "@sealcast/server/console";
import { failureOf, request } from "../api/request.ts";
import { useFetched } from "../api/use-fetched.ts";
import { AppSource } from "../apps/app-source.tsx";
import { appPath } from "../shell/app-choice.ts";
import { ConfirmDialog } from "../shell/confirm-dialog.tsx";
import { EmptyState } from "../shell/empty-state.tsx";
import { bytesText, numbered } from "../shell/number-text.ts";
import { mayChangeApps } from "../shell/permissions.ts";
import { Problem } from "../shell/problem.tsx";
import { showToast } from "../shell/toast.tsx";
import { WebhookCard } from "./webhook-card.tsx";
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
      <AppSource part="webhooks" />
      <Problem text={failureOf(answer)} />
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
      {rows.map((row, index) => (
        <WebhookCard
          // Several webhooks may have one URL.
          key={`${index} ${row.url}`}
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

/** The settings of a webhook without its deliveries. */
function settingsOf({ url, events, channels, headers, batch }: WebhookRow): WebhookSettings {
  return { url, events, channels, headers, batch };
}
