import { resolveConfig } from "@sealcast/server";
import { expect, test } from "vitest";
import { banner } from "./banner.ts";

const resolved = resolveConfig({ flags: new Map(), environment: {}, file: undefined });
if (!resolved.ok) throw new Error("The default configuration has problems");
const { config } = resolved;

test("version, runtime, URL, id and key are shown, and the secret is not", () => {
  const text = banner("1.2.3", "Node.js 20.19.0", { host: "127.0.0.1", port: 7 }, config);
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
  const text = banner("1", "Node.js", { host, port: 7 }, config);
  expect(text).toContain(url);
  expect(text).toContain(wsHost);
});

test("a database without apps is said to be one", () => {
  expect(banner("1", "Node.js", { host: "127.0.0.1", port: 7 }, { ...config, apps: [] })).toContain("none yet");
});
