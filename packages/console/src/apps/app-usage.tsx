import type { AppUsage as Usage } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useFetched } from "../api/use-fetched.ts";
import { appPath } from "../shell/app-choice.ts";
import { countText } from "../shell/number-text.ts";
import { Table } from "../shell/table.tsx";

/** What an app used in the last 31 days. */
export function AppUsage(): VNode {
  const [answer] = useFetched<Usage>(appPath("/usage"), 15_000);
  const days = answer?.ok === true ? answer.value.days : [];
  const most = Math.max(1, ...days.map(({ messages }) => messages));
  return (
    <section class="step wide-step">
      <h3>Usage of the last 31 days</h3>
      {answer?.ok === false && <p class="problem">{answer.message}</p>}
      {answer?.ok === true && days.length === 0 && <p class="hint">Nothing was published or delivered yet.</p>}
      {days.length > 0 && (
        <Table label="Usage" head={["Day (UTC)", { number: "Messages" }, "", { number: "Most connections" }]}>
          {days.map(({ day, messages, peakConnections }) => (
            <tr key={day}>
              <td class="nowrap">{day}</td>
              <td class="number">{countText(messages)}</td>
              <td class="bar-cell" aria-hidden="true">
                <span class="bar" style={{ width: `${(100 * messages) / most}%` }} />
              </td>
              <td class="number">{countText(peakConnections)}</td>
            </tr>
          ))}
        </Table>
      )}
      <p class="hint">Messages are published events, client events, and each delivery to a connection.</p>
    </section>
  );
}
