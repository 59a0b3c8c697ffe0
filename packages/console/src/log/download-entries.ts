import type { LogEntry } from "@sealcast/server/console";

/** Saves log entries as a file with one JSON object per line. */
export function downloadEntries(entries: readonly LogEntry[]): void {
  const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
  const address = URL.createObjectURL(new Blob(lines, { type: "application/x-ndjson" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `sealcast-log-${new Date().toISOString().replaceAll(":", "-")}.jsonl`;
  link.click();
  URL.revokeObjectURL(address);
}
