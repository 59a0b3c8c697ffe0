import { describe, expect, test } from "vitest";
import { text } from "./reply.ts";
import { RouteTable } from "./route-table.ts";
import { appRoutes, healthRoutes, type OpenRoute } from "./routes.ts";

const endpoint: OpenRoute["endpoint"] = () => text(200, "");
const table = new RouteTable([
  { access: "open", method: "GET", path: "/pages/**", endpoint },
  { access: "open", method: "GET", path: "/a.b", endpoint },
  { access: "open", method: "POST", path: "/a.b", endpoint },
  { access: "open", method: "GET", path: "/x/*/y/*", endpoint },
]);

describe("finding a route", () => {
  test.each<[path: string, route: string | undefined, wildcards?: string[]]>([
    ["/a.b", "/a.b", []],
    ["/aXb", undefined],
    ["/a.b/", undefined],
    ["//a.b", undefined],
    ["/x/1/y/2%2F3", "/x/*/y/*", ["1", "2%2F3"]],
    ["/x//y/2", undefined],
    ["/x/1/y/2/3", undefined],
    ["/pages/a/b.css", "/pages/**", ["a/b.css"]],
    ["/pages/", undefined],
    ["", undefined],
  ])("of %j gives %j", (path, route, wildcards) => {
    const found = table.find(path);
    expect(found?.routes[0]?.path).toBe(route);
    expect(found?.wildcards).toEqual(wildcards);
  });

  test("gives one route for each method of a path", () => {
    expect(table.find("/a.b")?.routes.map(({ method }) => method)).toEqual(["GET", "POST"]);
  });
});

test.each([
  ["/apps/1/events", ["1"]],
  ["/ws/apps/1/events", ["1"]],
  ["/a/b/apps/1/channels/c/users", ["1", "c"]],
  ["/apps/1/apps/2/events", ["2"]],
  ["ws/apps/1/events", undefined],
  ["/ws/health/live", undefined],
  ["/ws/up", undefined],
])("[HTTP18] only routes of apps are found below a prefix: %s", (path, wildcards) => {
  expect(new RouteTable([...appRoutes, ...healthRoutes(() => true)]).find(path)?.wildcards).toEqual(wildcards);
});

test.each([
  ["/apps/1/events", true],
  ["/apps/1/batch_events", true],
  ["/ws/apps/1/events", true],
  ["/apps/1/channels", false],
  ["/apps/1/channels/events", false],
  ["/health/live", false],
])("the fast path reads %s: %s", (path, fast) => {
  expect(new RouteTable([...appRoutes, ...healthRoutes(() => true)]).isFastPath(path)).toBe(fast);
});
