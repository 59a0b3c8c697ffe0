import type { VNode } from "preact";
import type { DeadLetterCount, WebhookList, WebhookRow } from "@sealcast/server/console";
import { request, session } from "../api/request.ts";
import { useFetched } from "../api/use-fetched.ts";
import { appPath } from "../shell/app-choice.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { bytesText, countText } from "../shell/number-text.ts";
import { Table } from "../shell/table.tsx";
import { ageText, timeText } from "../shell/time-text.ts";
import { showToast } from "../shell/toast.tsx";

/** The webhooks of the chosen app: what was sent, and what was given up. */
export function WebhooksPage(): VNode {
  const [answer, fetchNow] = useFetched<WebhookList>(appPath("/webhooks"));
  const list = answer?.ok === true ? answer.value : undefined;
  return (
    <>
      <h1>Webhooks</h1>
      {answer?.ok === false && <p class="problem">{answer.message}</p>}
      {list?.waiting !== undefined && (
        <p class="summary">
          {countText(list.waiting.events)} events wait ({bytesText(list.waiting.bytes)}) ·{" "}
          {countText(list.waiting.deadLetters)} dead letters, over all apps
        </p>
      )}
      {list?.rows.length === 0 && (
        <EmptyState title="This app has no webhook">
          Webhooks tell your backend what happens: channels that are occupied or vacated, members, client events. Add{" "}
          <code>webhooks</code> to the app{" "}
          {session.value?.server.appsAreEditable === true
            ? "with the admin API."
            : "in the configuration file; the server applies the change at once."}
        </EmptyState>
      )}
      {list?.rows.map((row) => (
        <Webhook key={row.url} row={row} onChange={fetchNow} />
      ))}
    </>
  );
}

function Webhook({ row, onChange }: { row: WebhookRow; onChange: () => void }): VNode {
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
      <h2 class="mono">{url}</h2>
      <p class="hint">{events.join(", ")}</p>
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
