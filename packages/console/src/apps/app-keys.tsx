import type { AppDetail, AppKeyRow, NewCredentials } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { request } from "../api/request.ts";
import { appPath } from "../shell/app-choice.ts";
import { ConfirmDialog } from "../shell/confirm-dialog.tsx";
import { Table, type Column } from "../shell/table.tsx";
import { agoText } from "../shell/time-text.ts";
import { showToast } from "../shell/toast.tsx";
import type { AppPartProps } from "./app-part.ts";
import { showCredentials } from "./shown-credentials.ts";

/** The keys of an app: how to rotate them, and which ones are in use. */
export function AppKeys({ detail, mayChange, onChange }: AppPartProps): VNode {
  const [retiring, setRetiring] = useState<string>();
  const live = detail.keys.filter(({ retiredMs }) => retiredMs === undefined);

  const columns: readonly Column<AppKeyRow>[] = [
    ...facts,
    ...(mayChange ? [{ title: "", look: "actions", cell: retireButton }] : []),
  ];

  function retireButton({ key, retiredMs }: AppKeyRow): VNode | undefined {
    if (retiredMs !== undefined || live.length < 2) return undefined;
    return (
      <button type="button" class="small" onClick={() => setRetiring(key)}>
        Retire<span class="visually-hidden"> {key}</span>
      </button>
    );
  }

  async function add(): Promise<void> {
    const answer = await request<NewCredentials>(appPath("/keys"), { method: "POST", body: {} });
    if (answer.ok) showCredentials("A new key", answer.value);
    else showToast(answer.message, true);
    onChange();
  }

  async function retire(key: string): Promise<void> {
    const answer = await request(appPath(`/keys/${encodeURIComponent(key)}`), { method: "DELETE" });
    showToast(answer.ok ? `Key ${key} was retired` : answer.message, !answer.ok);
    onChange();
  }

  return (
    <section class="step wide-step">
      <header class="page-head">
        <h3>Keys</h3>
        {mayChange && (
          <button type="button" class="small" onClick={() => void add()}>
            Add a key
          </button>
        )}
      </header>
      <Table label="Keys" columns={columns} rows={detail.keys} keyOf={({ key }) => key} />
      <p class="hint">{rotationText(detail, live.length)}</p>
      {retiring !== undefined && (
        <ConfirmDialog
          title={`Retire ${retiring}`}
          action="Retire the key"
          onConfirm={() => void retire(retiring)}
          onClose={() => setRetiring(undefined)}
        >
          From now on the server refuses this key, and it forgets its secret. Open connections stay. This cannot be
          undone.
        </ConfirmDialog>
      )}
    </section>
  );
}

const facts: readonly Column<AppKeyRow>[] = [
  { title: "Key", look: "mono", cell: ({ key }) => key },
  {
    title: "State",
    cell: ({ retiredMs }) => (
      <span class={retiredMs === undefined ? "badge good" : "badge plain"}>
        {retiredMs === undefined ? "Active" : `Retired ${agoText(retiredMs)}`}
      </span>
    ),
  },
  { title: "Created", look: "nowrap", cell: ({ createdMs }) => createdMs && agoText(createdMs) },
  { title: "Last used", look: "nowrap", cell: ({ lastUsedMs }) => lastUsedMs && agoText(lastUsedMs) },
];

function rotationText({ keys }: AppDetail, live: number): string {
  if (live === 1)
    return "To rotate: add a second key, give it with its secret to your backends and clients, then retire the first one.";
  const oldest = keys.find(({ retiredMs }) => retiredMs === undefined);
  const isIdle = oldest?.lastUsedMs !== undefined && Date.now() - oldest.lastUsedMs > 3_600_000;
  return isIdle
    ? `All live keys are accepted. ${oldest.key} was not used for an hour or longer: retire it if everything has moved.`
    : "All live keys are accepted. Retire the oldest when no backend and no client uses it.";
}
