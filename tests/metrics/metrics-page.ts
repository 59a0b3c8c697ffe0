import { metricTable, type MetricRow } from "../../packages/server/src/core/monitoring/metric-table.ts";

const begin = "<!-- The table is made from packages/server/src/core/monitoring/metric-table.ts. -->";
const end = "<!-- End of the table. -->";

/** The page with the table that the server's own table makes. */
export function withMetricsTable(page: string): string {
  const rows = Object.entries<MetricRow>(metricTable).map(
    ([name, { type, labels, help }]) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${help} |`,
  );
  const table = ["| Metric | Type | Labels | |", "|---|---|---|---|", ...rows].join("\n");
  const [before = "", rest = ""] = page.split(begin);
  const [, after = ""] = rest.split(end);
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}
