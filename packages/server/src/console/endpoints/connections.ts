import { parseSocketId, type AppId } from "@sealcast/protocol";
import type { App } from "../../core/apps/app.ts";
import { andThen, type Awaitable } from "../../core/awaitable.ts";
import type { ConnectionDirectory, ConnectionFacts } from "../../ports/connection-directory.ts";
import type { HttpReply } from "../../ports/transport.ts";
import type { ConnectionRow, Rows } from "../contract.ts";
import { consoleError, consoleJson } from "../console-reply.ts";
import type { NodeReports } from "../node-reports.ts";

type Searched = Omit<ConnectionFacts, "socketId"> & { readonly socketId: string };

/** Most connections of one answer; a filter finds the others. */
const maxConnections = 200;

/** The connections of an app on this node that match a filter, the newest first. */
export function localConnections(
  app: AppId,
  filter: string,
  connections: ConnectionDirectory,
  node: string,
): Awaitable<Rows<ConnectionRow>> {
  const word = filter.toLowerCase();
  let total = 0;
  const newest: ConnectionFacts[] = [];
  const visited = connections.visit(app, (facts) => {
    if (word !== "" && !textOf(facts).includes(word)) return;
    total += 1;
    newest.push(facts);
    if (newest.length === 2 * maxConnections) newest.splice(0, maxConnections);
  });
  return andThen(visited, () => ({
    total,
    rows: newest
      .slice(-maxConnections)
      .toReversed()
      .map(({ sdk = "unknown", ...facts }): ConnectionRow => ({ ...facts, sdk, node })),
  }));
}

/**
 * Answers `GET /console/api/apps/{id}/connections?filter=…`: those that match, the newest first. Of other nodes, only the
 * connections that they report are searched.
 */
export function listConnectionsOf(
  app: App,
  filter: string,
  connections: ConnectionDirectory,
  node: string,
  reports: NodeReports,
): Awaitable<HttpReply> {
  const word = filter.toLowerCase();
  return andThen(localConnections(app.id, filter, connections, node), (local) => {
    const others = reports.connectionsOf(app.id).map(({ rows, total }) => {
      const matching = rows.filter((row) => textOf(row).includes(word));
      return { rows: matching, total: word === "" ? total : matching.length };
    });
    const rows = [local, ...others].flatMap((list) => list.rows).toSorted((a, b) => b.openedMs - a.openedMs);
    const total = [local, ...others].reduce((sum, list) => sum + list.total, 0);
    return consoleJson({ total, rows: rows.slice(0, maxConnections) } satisfies Rows<ConnectionRow>);
  });
}

/** Answers `DELETE /console/api/apps/{id}/connections/{socket id}`. */
export function closeConnectionOf(
  app: App,
  subject: string,
  connections: ConnectionDirectory,
  reports: NodeReports,
): HttpReply {
  const socketId = parseSocketId(subject);
  if (!socketId.ok) return consoleError(400, socketId.error.message);
  const isKnown = connections.close(app.id, socketId.value) || reports.closeElsewhere(app.id, socketId.value);
  return isKnown ? consoleJson({}) : consoleError(404, "There is no such connection");
}

function textOf({ socketId, userId = "", sdk = "", origin = "", address = "" }: Searched): string {
  return [socketId, userId, sdk, origin, address].join("\n").toLowerCase();
}
