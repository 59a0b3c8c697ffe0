import { expect, test } from "vitest";
import { RouteTable } from "./route-table.ts";
import { appRoutes, type OpenRoute } from "./routes.ts";
import { text } from "./reply.ts";

const other: OpenRoute = {
  access: "console",
  method: "POST",
  path: "/console/api/apps/*/events",
  endpoint: () => text(200, "console"),
};
const table = new RouteTable([...appRoutes, other]);

test.each([
  ["/apps/1001/events", "app", true],
  ["/any/prefix/apps/1001/events", "app", true],
  ["/console/api/apps/1001/events", "console", false],
  ["/console/api/apps/1001/channels", "app", false],
])("[HTTP18] %s belongs to a route of access %s, and is a fast path: %s", (path, access, fast) => {
  expect(table.find(path)?.routes[0]?.access).toBe(access);
  expect(table.isFastPath(path)).toBe(fast);
});
