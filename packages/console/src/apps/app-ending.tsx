import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { request } from "../api/request.ts";
import { appPath, loadApps } from "../shell/app-choice.ts";
import { ConfirmDialog } from "../shell/confirm-dialog.tsx";
import { showToast } from "../shell/toast.tsx";
import type { AppPartProps } from "./app-part.ts";

/** Disables, enables or deletes an app. */
export function AppEnding({ detail, onChange }: Omit<AppPartProps, "mayChange">): VNode {
  const [asking, setAsking] = useState<"disable" | "delete">();
  const { enabled, id } = detail;

  async function enable(next: boolean): Promise<void> {
    const answer = await request(appPath(""), { method: "PATCH", body: { enabled: next } });
    showToast(answer.ok ? `App ${id} is ${next ? "enabled" : "disabled"}` : answer.message, !answer.ok);
    onChange();
  }
  async function remove(): Promise<void> {
    const answer = await request(appPath(""), { method: "DELETE" });
    showToast(answer.ok ? `App ${id} was deleted` : answer.message, !answer.ok);
    await loadApps();
  }

  return (
    <section class="step wide-step">
      <h3>{enabled ? "Disable or delete" : "Enable or delete"}</h3>
      <p class="hint">
        {enabled
          ? "A disabled app keeps its keys and settings. The server refuses its requests and closes its connections."
          : "The app is disabled: the server refuses its requests and connections."}
      </p>
      <div class="tools">
        {enabled ? (
          <button type="button" onClick={() => setAsking("disable")}>
            Disable app
          </button>
        ) : (
          <button type="button" class="primary" onClick={() => void enable(true)}>
            Enable app
          </button>
        )}
        <button type="button" class="danger" onClick={() => setAsking("delete")}>
          Delete app
        </button>
      </div>
      {asking === "disable" && (
        <ConfirmDialog
          title={`Disable app ${id}`}
          action="Disable the app"
          onConfirm={() => void enable(false)}
          onClose={() => setAsking(undefined)}
        >
          Its connections are closed at once, and clients cannot come back until you enable it again.
        </ConfirmDialog>
      )}
      {asking === "delete" && (
        <ConfirmDialog
          title={`Delete app ${id}`}
          action="Delete the app"
          typed={id}
          onConfirm={() => void remove()}
          onClose={() => setAsking(undefined)}
        >
          Its keys, settings and usage are removed, and its connections are closed. This cannot be undone.
        </ConfirmDialog>
      )}
    </section>
  );
}
