import type { Summary } from "../statistics.ts";
import { markdownTable } from "./markdown-table.ts";
import { numberText } from "./number-text.ts";
import type { Runs } from "./runs.ts";

/** One chapter of the report. */
export interface Section {
  readonly heading: string;
  /** Markdown without the heading. */
  readonly body: string;
  /** Charts that the body shows, by file name. */
  readonly charts: Readonly<Record<string, string>>;
}

/** A column of a comparison: which value, and under which name it is shown. */
export interface Column {
  readonly head: string;
  readonly value: string;
}

/** A table of servers for one `what`: median and range of each value. */
export function comparison(runs: Runs, what: string, columns: readonly Column[]): string {
  const rows = runs
    .subjects(what)
    .map((subject) => [subject, ...columns.map(({ value }) => summaryText(runs.summary({ what, subject }, value)))]);
  return markdownTable(["", ...columns.map(({ head }) => head)], rows);
}

/** "12.3 (11.9–13.0)". */
export function summaryText(summary: Summary | undefined): string {
  if (!summary) return "–";
  const { median, lowest, highest, runs } = summary;
  return runs === 1 ? numberText(median) : `**${numberText(median)}** (${numberText(lowest)}–${numberText(highest)})`;
}

/** Markdown that shows a chart. */
export function picture(file: string, description: string): string {
  return `![${description}](benchmarks/${file})`;
}
