/** Parts of the server by source file, for saying where its time goes in a fan-out; the first that fits counts. */
const parts: readonly { readonly part: string; readonly files: RegExp }[] = [
  {
    part: "writing to subscribers (system calls included)",
    files: /\/transport\/node\/(websocket-link|held-chunks|write-progress)\.js$/,
  },
  {
    part: "outboxes: collecting, sharing and counting bytes",
    files: /\/transport\/(outbox|links)\/[^/]+\.js$|\/session\/hub\.js$/,
  },
  { part: "reading requests and writing answers", files: /\/transport\/.+\.js$/ },
  { part: "signature", files: /\/(authenticate|percent-decode|query|string-to-sign)\.js$|\/adapters\/signer\// },
  { part: "limits and metrics", files: /\/(rate|server-settings)\.js$|\/metrics\// },
  { part: "parsing, checking and encoding the event", files: /\/packages\/(server|protocol)\/dist\// },
];

/** Name for what no file of the server called: HTTP parsing, timers, the event loop itself. */
export const runtimePart = "Node.js: HTTP parser and event loop";

/** The part that a source file belongs to, or `undefined` for files that are not the server's. */
export function serverPart(url: string): string | undefined {
  return parts.find(({ files }) => files.test(url))?.part;
}
