import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { ConnectionRow, Rows } from "@sealcast/server/console";
import { failureOf, request, valueOf } from "../api/request.ts";
import { useFetched } from "../api/use-fetched.ts";
import { appPath } from "../shell/app-choice.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { Excess } from "../shell/excess.tsx";
import { bytesText, countText } from "../shell/number-text.ts";
import { isAdmin } from "../shell/permissions.ts";
import { Problem } from "../shell/problem.tsx";
import { linkTo } from "../shell/route.ts";
import { SearchField } from "../shell/search-field.tsx";
import { Table, type Column } from "../shell/table.tsx";
import { ageText } from "../shell/time-text.ts";
import { showToast } from "../shell/toast.tsx";

/** The connections of the chosen app. */
export function ConnectionsPage(): VNode {
  const [text, setText] = useState("");
  const [answer, fetchNow] = useFetched<Rows<ConnectionRow>>(
    appPath(`/connections?${new URLSearchParams({ filter: text })}`),
  );
  const list = valueOf(answer);
  const columns = isAdmin() ? [...facts, { title: "", look: "actions", cell: closeButton }] : facts;

  async function close(socketId: string): Promise<void> {
    const closed = await request(appPath(`/connections/${socketId}`), { method: "DELETE" });
    showToast(closed.ok ? `Connection ${socketId} was closed` : closed.message, !closed.ok);
    fetchNow();
  }
  function closeButton({ socketId }: ConnectionRow): VNode {
    return (
      <button type="button" class="small" onClick={() => void close(socketId)}>
        Close<span class="visually-hidden"> {socketId}</span>
      </button>
    );
  }

  return (
    <>
      <h1>Connections</h1>
      <div class="tools">
        <SearchField
          label="Filter connections"
          placeholder="Socket id, user, library, origin or address"
          value={text}
          onInput={setText}
        />
      </div>
      <Problem text={failureOf(answer)} />
      {list?.rows.length === 0 && (
        <EmptyState title={text === "" ? "No client is connected" : "No connection matches"}>
          Clients appear here as soon as they connect. <a href={linkTo("getting-started")}>Connect a client</a>
        </EmptyState>
      )}
      {list !== undefined && list.rows.length > 0 && (
        <>
          <Excess list={list} noun="connections" />
          <Table label="Connections" columns={columns} rows={list.rows} keyOf={({ socketId }) => socketId} />
        </>
      )}
    </>
  );
}

const facts: readonly Column<ConnectionRow>[] = [
  {
    title: "Socket",
    look: "mono nowrap",
    cell: ({ socketId }) => <a href={linkTo("log", { filter: `socket:"${socketId}"` })}>{socketId}</a>,
  },
  { title: "Open for", look: "nowrap", cell: ({ openedMs }) => ageText(openedMs, Date.now()) },
  { title: "User", look: "mono", cell: ({ userId }) => userId },
  { title: "Library", look: "library", cell: ({ sdk }) => sdk },
  { title: "From", look: "mono", cell: ({ origin, address }) => origin ?? address },
  { title: "Channels", look: "number", cell: ({ channels }) => <ChannelNames names={channels} /> },
  {
    title: "Waiting",
    hint: "Bytes that wait until the client reads them",
    look: "number",
    cell: ({ unsentBytes }) => bytesText(unsentBytes),
  },
  { title: "Node", look: "mono", cell: ({ node }) => node },
];

/** How many channels there are, and which ones. */
function ChannelNames({ names }: { readonly names: readonly string[] }): VNode | string {
  if (names.length === 0) return "0";
  return (
    <details class="channel-names">
      <summary>{countText(names.length)}</summary>
      <ul class="names mono">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </details>
  );
}
