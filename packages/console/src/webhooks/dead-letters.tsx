import type { DeadLetterCount, DeadLetterRow } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { request } from "../api/request.ts";
import { appPath } from "../shell/app-choice.ts";
import { ConfirmDialog } from "../shell/confirm-dialog.tsx";
import { numbered } from "../shell/number-text.ts";
import { isAdmin } from "../shell/permissions.ts";
import { Table, type Column } from "../shell/table.tsx";
import { agoText } from "../shell/time-text.ts";
import { showToast } from "../shell/toast.tsx";

interface DeadLettersProps {
  readonly url: string;
  readonly letters: readonly DeadLetterRow[];
  /** Called after a change. */
  readonly onChange: () => void;
}

/** What became of dead letters, in the words of the message about it. */
const outcomes = {
  replay: ["dead letter is sent again", "dead letters are sent again"],
  clear: ["dead letter was removed", "dead letters were removed"],
} as const;

/** The deliveries to a URL that were given up. An admin sends them again or removes them. */
export function DeadLetters({ url, letters, onChange }: DeadLettersProps): VNode {
  const [isAsking, setAsking] = useState(false);
  const mayChange = isAdmin();

  /** @param id of one dead letter; undefined: all of the URL. */
  async function change(action: keyof typeof outcomes, id?: string): Promise<void> {
    const body = id === undefined ? { url } : { url, id };
    const answer = await request<DeadLetterCount>(appPath(`/webhooks/${action}`), { method: "POST", body });
    const [one, many] = outcomes[action];
    showToast(answer.ok ? numbered(answer.value.count, one, many) : answer.message, !answer.ok);
    onChange();
  }
  function buttons({ id }: DeadLetterRow): VNode {
    return (
      <>
        <button type="button" class="small" onClick={() => void change("replay", id)}>
          Send again<span class="visually-hidden"> {id}</span>
        </button>{" "}
        <button type="button" class="small" onClick={() => void change("clear", id)}>
          Remove<span class="visually-hidden"> {id}</span>
        </button>
      </>
    );
  }

  if (letters.length === 0) return <p class="hint">None: no delivery was given up.</p>;
  return (
    <>
      {mayChange && (
        <div class="tools">
          <button type="button" class="primary" onClick={() => void change("replay")}>
            Send all again
          </button>
          <button type="button" onClick={() => setAsking(true)}>
            Remove all
          </button>
        </div>
      )}
      <Table
        label={`Dead letters of ${url}`}
        columns={mayChange ? [...facts, { title: "", look: "actions", cell: buttons }] : facts}
        rows={letters}
        keyOf={({ id }) => id}
      />
      {isAsking && (
        <ConfirmDialog
          title="Remove all dead letters"
          action="Remove the dead letters"
          onConfirm={() => void change("clear")}
          onClose={() => setAsking(false)}
        >
          The events in them will never reach <span class="mono">{url}</span>. This cannot be undone.
        </ConfirmDialog>
      )}
    </>
  );
}

const facts: readonly Column<DeadLetterRow>[] = [
  { title: "Given up", look: "nowrap", cell: ({ failedMs }) => agoText(failedMs) },
  { title: "Why", cell: ({ error }) => error },
  {
    title: "Events",
    look: "mono",
    cell: ({ events }) => events.map(({ name, channel }) => `${name} ${channel}`).join(", "),
  },
];
