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
  const sizes = runs.curve("event", "official libraries", "sealMicros").map(({ x }) => x);
  const events = sizes.flatMap((x) =>
    runs.subjects("event").map((subject) => {
      const of = (value: string): string => summaryText(runs.summary({ what: "event", subject, x }, value));
      const bytes = runs.median({ what: "event", subject, x }, "bytes").toLocaleString("en");
      return [`${x.toLocaleString("en")} bytes, ${subject}`, of("sealMicros"), of("openMicros"), bytes];
    }),
  );
  const publishes = sizes.flatMap((x) =>
    runs
      .subjects("publish")
      .map((subject) => [
        `${x.toLocaleString("en")} bytes, ${subject}`,
        summaryText(runs.summary({ what: "publish", subject, x }, "cpuMicros")),
        summaryText(runs.summary({ what: "publish", subject, x }, "addedMicros")),
      ]),
  );
  return {
    heading: "Sealing and opening",
    body: [
      "XSalsa20-Poly1305, as on `private-encrypted-` channels: `@sealcast/crypto` beside `tweetnacl`, with which the official libraries seal and open. One process in Node.js, bytes to bytes, without deriving keys and without base64. The two take turns; the last column is tweetnacl's time by ours in the same turn, so that more than 1 is quicker. The server never does this: it has no key.",
      markdownTable(["", "CPU µs", "tweetnacl CPU µs", "times as quick"], rows),
      "A whole event in plain JavaScript, from the value to the `data` on the wire and back: JSON, UTF-8, cipher, base64. “Official libraries” repeats what `pusher` and `pusher-js` do. The last column is the length of `data` in bytes.",
      markdownTable(["JSON of", "seal, CPU µs", "open, CPU µs", "bytes on the wire"], events),
      "A publish with the server library on Node.js, with the ciphers that it chose there, to a server that answers at once. The last column is what encryption adds to a plain publish.",
      markdownTable(["JSON of", "CPU µs", "added CPU µs"], publishes),
    ].join("\n\n"),
    charts: {},
  };
}
