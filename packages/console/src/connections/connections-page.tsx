import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { ConnectionRow, Rows } from "@sealcast/server/console";
import { request, session } from "../api/request.ts";
import { useFetched } from "../api/use-fetched.ts";
import { appPath } from "../shell/app-choice.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { bytesText, countText } from "../shell/number-text.ts";
import { linkTo } from "../shell/route.ts";
import { Table } from "../shell/table.tsx";
import { ageText } from "../shell/time-text.ts";
import { showToast } from "../shell/toast.tsx";

/** The connections of the chosen app. */
export function ConnectionsPage(): VNode {
  const [text, setText] = useState("");
  const [answer, fetchNow] = useFetched<Rows<ConnectionRow>>(
    appPath(`/connections?${new URLSearchParams({ filter: text })}`),
  );
  const mayClose = session.value?.operator?.role === "admin";

  async function close(socketId: string): Promise<void> {
    const closed = await request(appPath(`/connections/${socketId}`), { method: "DELETE" });
    showToast(closed.ok ? `Connection ${socketId} was closed` : closed.message, !closed.ok);
    fetchNow();
  }

  return (
    <>
      <h1>Connections</h1>
      <div class="tools">
        <input
          type="search"
          class="filter"
          placeholder="Socket id, user, library, origin or address"
          aria-label="Filter connections"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </div>
      {answer?.ok === false && <p class="problem">{answer.message}</p>}
      {answer?.ok === true && answer.value.rows.length === 0 && (
        <EmptyState title={text === "" ? "No client is connected" : "No connection matches"}>
          <a href={linkTo("getting-started")}>Connect a client</a>
        </EmptyState>
      )}
      {answer?.ok === true && answer.value.rows.length > 0 && (
        <>
          {answer.value.total > answer.value.rows.length && (
            <p class="hint">
              The first {countText(answer.value.rows.length)} of {countText(answer.value.total)} connections. Type to
              find others.
            </p>
          )}
          <Table
            label="Connections"
            head={[
              "Socket",
              "Since",
              "User",
              "Library",
              "From",
              { number: "Channels" },
              { number: "Waiting" },
              "Node",
              ...(mayClose ? [""] : []),
            ]}
          >
            {answer.value.rows.map((row) => (
              <tr key={row.socketId}>
                <td class="mono nowrap">
                  <a href={linkTo("log", { filter: `socket:${row.socketId}` })}>{row.socketId}</a>
                </td>
                <td class="nowrap">{ageText(row.openedMs, Date.now())}</td>
                <td class="mono">{row.userId ?? "–"}</td>
                <td class="library">{row.sdk}</td>
                <td class="mono">{row.origin ?? row.address ?? "–"}</td>
                <td class="number" title={row.channels.join("\n")}>
                  {countText(row.channels.length)}
                </td>
                <td class="number nowrap" title="Sent, and not yet read by the client">
                  {bytesText(row.unsentBytes)}
                </td>
                <td class="mono">{row.node}</td>
                {mayClose && (
                  <td>
                    <button type="button" class="small" onClick={() => void close(row.socketId)}>
                      Close<span class="visually-hidden"> {row.socketId}</span>
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </Table>
        </>
      )}
    </>
  );
}
