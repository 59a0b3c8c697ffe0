import { markdownTable } from "./markdown-table.ts";
import type { Runs } from "./runs.ts";
import { summaryText, type Section } from "./section.ts";

/** The price of end-to-end encryption, at either end. */
export function cryptoSection(runs: Runs): Section {
  const rows = ["seal", "open"].flatMap((what) =>
    runs
      .curve(what, "Sealcast", "cpuMicros")
      .map(({ x }) => [
        `${what} ${x.toLocaleString("en")} bytes`,
        summaryText(runs.summary({ what, subject: "Sealcast", x }, "cpuMicros")),
        summaryText(runs.summary({ what, subject: "tweetnacl", x }, "cpuMicros")),
        summaryText(runs.summary({ what, subject: "Sealcast", x }, "timesTweetnacl")),
      ]),
  );
  return {
    heading: "Sealing and opening",
    body: [
      "XSalsa20-Poly1305, as on `private-encrypted-` channels: `@sealcast/crypto` beside `tweetnacl`, with which the official libraries seal and open. One process in Node.js, bytes to bytes, without deriving keys and without base64. The two take turns; the last column is tweetnacl's time by ours in the same turn, so that more than 1 is quicker. The server never does this: it has no key.",
      markdownTable(["", "CPU µs", "tweetnacl CPU µs", "times as quick"], rows),
    ].join("\n\n"),
    charts: {},
  };
}
