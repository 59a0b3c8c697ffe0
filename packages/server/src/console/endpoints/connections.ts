import { parseSocketId } from "@sealcast/protocol";
import type { App } from "../../core/app.ts";
import type { ConnectionDirectory, ConnectionFacts } from "../../ports/connection-directory.ts";
import type { HttpReply } from "../../ports/transport.ts";
import type { ConnectionRow } from "../contract.ts";
import { consoleError, consoleJson } from "../console-reply.ts";

/** Most connections of one answer; a filter finds the others. */
const mostConnections = 200;

/** Answers `GET /console/api/apps/{id}/connections?filter=…`: those that match, the newest first. */
export function listConnectionsOf(app: App, filter: string, connections: ConnectionDirectory, node: string): HttpReply {
  const word = filter.toLowerCase();
  const matching = [...connections.of(app.id)].filter((facts) => textOf(facts).includes(word));
  const rows = matching
    .toSorted((a, b) => b.openedMs - a.openedMs)
    .slice(0, mostConnections)
    .map(({ sdk = "unknown", ...facts }): ConnectionRow => ({ ...facts, sdk, node }));
  return consoleJson({ total: matching.length, rows });
}

/** Answers `DELETE /console/api/apps/{id}/connections/{socket id}`. */
export function closeConnectionOf(app: App, subject: string, connections: ConnectionDirectory): HttpReply {
  const socketId = parseSocketId(subject);
  if (!socketId.ok) return consoleError(400, socketId.error.message);
  if (!connections.close(app.id, socketId.value)) return consoleError(404, "There is no such connection on this node");
  return consoleJson({});
}

function textOf({ socketId, userId = "", sdk = "", origin = "", address = "" }: ConnectionFacts): string {
  return [socketId, userId, sdk, origin, address].join("\n").toLowerCase();
}
