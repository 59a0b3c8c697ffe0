import { afterEach, describe, expect, test, vi } from "vitest";
import { resolveConfig, type ClientOptions } from "../options.ts";
import { planTransports, transportUrl, type TransportName } from "./transport-plan.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A plan as a text: name and second of each turn. */
const plan = (options: ClientOptions, tls = false): string =>
  planTransports(resolveConfig(options), tls)
    .map(({ name, afterMs }) => `${name} ${afterMs / 1_000}`)
    .join(", ");

describe("the plan", () => {
  test.each<[string, ClientOptions, boolean, string]>([
    ["with TLS", {}, true, "ws 0, xhr_streaming 2, xhr_polling 6"],
    ["without TLS", {}, false, "ws 0, wss 2, xhr_streaming 5, xhr_polling 9"],
    ["only WebSocket", { enabledTransports: ["ws"] }, true, "ws 0"],
    ["both kinds of WebSocket, as Laravel writes it", { enabledTransports: ["ws", "wss"] }, true, "ws 0"],
    ["both kinds of WebSocket without TLS", { enabledTransports: ["ws", "wss"] }, false, "ws 0, wss 2"],
    ["only wss, which enables nothing with TLS", { enabledTransports: ["wss"] }, true, ""],
    ["no WebSocket", { disabledTransports: ["ws", "wss"] }, false, "xhr_streaming 0, xhr_polling 4"],
    ["disabled wins", { enabledTransports: ["ws", "xhr_polling"], disabledTransports: ["ws"] }, true, "xhr_polling 0"],
    ["names that nobody knows", { enabledTransports: ["sockjs", "xdr_streaming"] }, true, ""],
  ])("%s", (_, options, tls, wanted) => {
    expect(plan(options, tls)).toBe(wanted);
  });

  test("has no HTTP on pages without an origin, unless the options ask for it", () => {
    vi.stubGlobal("origin", "null");
    expect(plan({}, true)).toBe("ws 0");
    expect(plan({ ignoreNullOrigin: true }, true)).toBe("ws 0, xhr_streaming 2, xhr_polling 6");
  });

  test("has no HTTP where the runtime cannot ask", () => {
    vi.stubGlobal("fetch", undefined);
    expect(plan({}, true)).toBe("ws 0");
  });
});

describe("the address", () => {
  const query = "?protocol=7&client=sealcast-js&version=0.1.0";
  const own = { wsHost: "own.example", wsPort: 6001, wssPort: 6002 };
  test.each<[string, ClientOptions, TransportName, boolean, string]>([
    ["a cluster", { cluster: "eu" }, "ws", true, `wss://ws-eu.pusher.com:443/app/k${query}`],
    ["a cluster without TLS", { cluster: "eu" }, "ws", false, `ws://ws-eu.pusher.com:80/app/k${query}`],
    [
      "a cluster over HTTP",
      { cluster: "eu" },
      "xhr_polling",
      true,
      `https://sockjs-eu.pusher.com:443/pusher/app/k${query}`,
    ],
    ["an own server", own, "ws", false, `ws://own.example:6001/app/k${query}`],
    ["an own server, over TLS for once", own, "wss", false, `wss://own.example:6002/app/k${query}`],
    ["an own server over HTTP", own, "xhr_streaming", false, `http://own.example:6001/pusher/app/k${query}`],
    ["a path", { ...own, wsPath: "/rt" }, "ws", false, `ws://own.example:6001/rt/app/k${query}`],
    [
      "another server for HTTP",
      { ...own, httpHost: "h.example", httpPort: 1, httpsPort: 2, httpPath: "/p" },
      "xhr_polling",
      true,
      `https://h.example:2/p/app/k${query}`,
    ],
    [
      "values that count as not given",
      { ...own, wsPort: 0, wsPath: "" },
      "ws",
      false,
      `ws://own.example:80/app/k${query}`,
    ],
  ])("of %s", (_, options, transport, tls, url) => {
    expect(transportUrl(resolveConfig(options), "k", transport, tls)).toBe(url);
  });

  test("holds the key as one part of the path", () => {
    expect(transportUrl(resolveConfig(own), "a/../b?c", "ws", false)).toContain("/app/a%2F..%2Fb%3Fc?");
  });
});

test("pages served over https always use TLS", () => {
  expect(resolveConfig({ forceTLS: false }).useTLS).toBe(false);
  expect(resolveConfig({}).useTLS).toBe(true);
  vi.stubGlobal("location", { protocol: "https:" });
  expect(resolveConfig({ forceTLS: false }).useTLS).toBe(true);
});
