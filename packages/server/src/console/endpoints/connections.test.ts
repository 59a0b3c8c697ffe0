import type { AppId, SocketId } from "@sealcast/protocol";
import { expect, test } from "vitest";
import type { ConnectionDirectory, ConnectionFacts } from "../../ports/connection-directory.ts";
import { localConnections } from "./connections.ts";

const app = "1001" as AppId;

function factsOf(index: number): ConnectionFacts {
  return {
    socketId: `1.${index}` as SocketId,
    openedMs: index,
    sdk: undefined,
    userId: index % 2 === 0 ? "even" : "odd",
    channels: [],
    origin: undefined,
    address: undefined,
    unsentBytes: 0,
  };
}

function directoryOf(count: number): ConnectionDirectory {
  return {
    size: count,
    countOf: () => count,
    visit(_, visit) {
      for (let index = 0; index < count; index += 1) visit(factsOf(index));
    },
    close: () => false,
  };
}

test.each([
  { count: 3, filter: "", total: 3, newest: 2, oldest: 0, rows: 3 },
  { count: 1_000, filter: "", total: 1_000, newest: 999, oldest: 800, rows: 200 },
  { count: 999, filter: "EVEN", total: 500, newest: 998, oldest: 600, rows: 200 },
])("of $count connections, the newest that match '$filter' are listed", async ({ count, filter, ...expected }) => {
  const { total, rows } = await localConnections(app, filter, directoryOf(count), "a");
  expect({ total, newest: rows[0]?.openedMs, oldest: rows.at(-1)?.openedMs, rows: rows.length }).toEqual(expected);
});
