/**
 * Parts of the server, for saying where its time goes in a fan-out; the first part that a file belongs to counts. Files are
 * named by package and path below `src`, without ending; a name that ends in a slash stands for a folder.
 */
export const serverParts: readonly { readonly part: string; readonly files: readonly string[] }[] = [
  {
    part: "writing to subscribers (system calls included)",
    files: [
      "server/adapters/transport/node/socket-link",
      "server/adapters/transport/node/plain-link",
      "server/adapters/transport/node/compressed-link",
      "server/adapters/transport/node/held-chunks",
      "server/adapters/transport/node/write-progress",
    ],
  },
  {
    part: "outboxes: collecting, sharing and counting bytes",
    files: ["server/adapters/transport/outbox/", "server/adapters/transport/links/", "server/session/hub"],
  },
  { part: "reading requests and writing answers", files: ["server/adapters/transport/"] },
  {
    part: "signature",
    files: [
      "server/http-api/authenticate",
      "server/core/urls/percent-decode",
      "server/core/urls/query",
      "protocol/string-to-sign",
      "server/adapters/signer/",
    ],
  },
  {
    part: "limits and metrics",
    files: [
      "server/core/connections/rate",
      "server/adapters/engine/publish-rates",
      "server/http-api/quota",
      "server/core/settings/server-settings",
      "server/metrics/",
    ],
  },
  { part: "parsing, checking and encoding the event", files: ["server/", "protocol/"] },
];

/** Name for what no file of the server called: HTTP parsing, timers, the event loop itself. */
export const runtimePart = "Node.js: HTTP parser and event loop";

/** Returns the part that a compiled file belongs to, or undefined for files that are not the server's. */
export function serverPart(url: string): string | undefined {
  const [, name, path] = /\/packages\/([\w-]+)\/dist\/(.+)\.js$/.exec(url) ?? [];
  const file = `${name}/${path}`;
  return serverParts.find(({ files }) => files.some((one) => holds(one, file)))?.part;
}

/** Returns whether a file is this one, or in this folder. */
function holds(name: string, file: string): boolean {
  return name.endsWith("/") ? file.startsWith(name) : file === name;
}
