import type { AppUsage as Usage, UsageRow } from "@sealcast/server/console";
import type { VNode } from "preact";
import { failureOf } from "../api/request.ts";
import { useFetched } from "../api/use-fetched.ts";
import { appPath } from "../shell/app-choice.ts";
import { countText } from "../shell/number-text.ts";
import { Problem } from "../shell/problem.tsx";
import { Table, type Column } from "../shell/table.tsx";

/** What an app used in the last 31 days. */
export function AppUsage(): VNode {
  const [answer] = useFetched<Usage>(appPath("/usage"), 15_000);
  const days = answer?.ok === true ? answer.value.days : [];
  return (
    <section class="step wide-step">
      <h3>Usage of the last 31 days</h3>
      <Problem text={failureOf(answer)} />
      {answer?.ok === true && days.length === 0 && <p class="hint">Nothing was published or delivered yet.</p>}
      {days.length > 0 && <Table label="Usage" columns={columnsFor(days)} rows={days} keyOf={({ day }) => day} />}
      <p class="hint">Messages are published events, client events, and each delivery to a connection.</p>
    </section>
  );
}

function columnsFor(days: readonly UsageRow[]): readonly Column<UsageRow>[] {
  const most = Math.max(1, ...days.map(({ messages }) => messages));
  return [
    { title: "Day (UTC)", look: "nowrap", cell: ({ day }) => day },
    { title: "Messages", look: "number", cell: ({ messages }) => countText(messages) },
    {
      title: "Compared",
      look: "bar-cell wide",
      cell: ({ messages }) => <span class="bar" style={{ width: `${(100 * messages) / most}%` }} />,
    },
    { title: "Most connections", look: "number", cell: ({ peakConnections }) => countText(peakConnections) },
  ];
}
