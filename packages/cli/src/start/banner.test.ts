import { resolveConfig } from "@sealcast/server";
import { expect, test } from "vitest";
import { banner } from "./banner.ts";

const resolved = resolveConfig({ flags: new Map(), environment: {}, file: undefined });
if (!resolved.ok) throw new Error("The default configuration has problems");
const { config } = resolved;

function startedAt(host: string): Parameters<typeof banner>[1] {
  return { runtime: "Node.js 20.19.0", address: { host, port: 7 }, hasConsole: false };
}

test("version, runtime, URL, id and key are shown, and the secret is not", () => {
  const text = banner("1.2.3", startedAt("127.0.0.1"), config);
  for (const part of ["1.2.3", "Node.js 20.19.0", "http://127.0.0.1:7", "1001", "app-key", 'new Pusher("app-key"']) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain("app-secret");
});

test.each([
  ["0.0.0.0", "http://127.0.0.1:7", 'wsHost: "127.0.0.1"'],
  ["::", "http://127.0.0.1:7", 'wsHost: "127.0.0.1"'],
  ["::1", "http://[::1]:7", 'wsHost: "[::1]"'],
  ["10.0.0.5", "http://10.0.0.5:7", 'wsHost: "10.0.0.5"'],
])("a server on %s is reached at %s", (host, url, wsHost) => {
  const text = banner("1", startedAt(host), config);
  expect(text).toContain(url);
  expect(text).toContain(wsHost);
});

test("a database without apps is said to be one", () => {
  expect(banner("1", startedAt("127.0.0.1"), { ...config, apps: [] })).toContain("none yet");
});

test.each([
  ["with an app", config],
  ["without apps", { ...config, apps: [] }],
])("the address of the console is shown if there is one: %s", (_name, some) => {
  const started = startedAt("127.0.0.1");
  expect(banner("1", { ...started, hasConsole: true }, some)).toContain("Console  http://127.0.0.1:7/console");
  expect(banner("1", started, some)).not.toContain("Console");
});
