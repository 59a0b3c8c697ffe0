import { describe, expect, test } from "vitest";
import { resolveConfig, type ConfigSources, type ResolvedConfig } from "./resolve-config.ts";
import type { ConfigProblem } from "./config-problem.ts";

const pair = { key: "a-key", secret: "a-long-secret" };
const app = { id: "7", ...pair };

function resolve(from: {
  flags?: Record<string, string | true>;
  environment?: Record<string, string>;
  file?: unknown;
}): ResolvedConfig {
  const sources: ConfigSources = {
    flags: new Map(Object.entries(from.flags ?? {})),
    environment: from.environment ?? {},
    file: from.file === undefined ? undefined : { path: "s.json", text: JSON.stringify(from.file) },
  };
  return resolveConfig(sources);
}

function problemsOf(resolved: ResolvedConfig): readonly ConfigProblem[] {
  return resolved.ok ? [] : resolved.problems;
}

describe("without any configuration", () => {
  test("the server is on loopback with the example app", () => {
    expect(resolve({})).toMatchObject({
      ok: true,
      config: {
        host: "127.0.0.1",
        port: 6001,
        apps: [
          {
            id: "1001",
            credentials: [{ key: "app-key", secret: "app-secret" }],
            clientEvents: true,
            subscriptionCount: true,
            watchlistEvents: true,
            maxEventBytes: 10_240,
          },
        ],
      },
    });
  });

  test.each(["0.0.0.0", "::", "192.168.1.5", "example.com", "::ffff:10.0.0.1"])(
    "the example credentials are refused on %s, with the command that makes others",
    (host) => {
      const [problem, ...others] = problemsOf(resolve({ flags: { host } }));
      expect(others).toEqual([]);
      expect(problem?.fix).toContain("sealcast keys");
    },
  );

  test.each(["127.0.0.1", "127.8.9.10", "::1", "localhost", "::ffff:127.0.0.1"])("%s is loopback", (host) => {
    expect(resolve({ flags: { host } }).ok).toBe(true);
  });

  test("own credentials may listen anywhere", () => {
    expect(resolve({ flags: { host: "0.0.0.0" }, file: { apps: [app] } }).ok).toBe(true);
  });

  test("the example secret is refused off loopback in any pair of any app", () => {
    const keys = [{ key: "another", secret: "app-secret" }];
    expect(resolve({ file: { host: "0.0.0.0", apps: [{ ...app, keys }] } }).ok).toBe(false);
  });
});

describe("sources", () => {
  test.each([
    [{ file: { port: 1 } }, 1],
    [{ file: { port: 1 }, environment: { SEALCAST_PORT: "2" } }, 2],
    [{ file: { port: 1 }, environment: { SEALCAST_PORT: "2" }, flags: { port: "3" } }, 3],
    [{ file: { port: 1 }, environment: { SEALCAST_PORT: "" } }, 1],
    [{ environment: { SEALCAST_SERVICE_HOST: "10.0.0.1", SEALCAST_PORT_6001_TCP: "tcp://10.0.0.1:6001" } }, 6001],
  ])("%j gives port %d", (from, port) => {
    expect(resolve(from)).toMatchObject({ ok: true, config: { port } });
  });

  test("a switch needs no value", () => {
    expect(resolve({ flags: { compression: true } })).toMatchObject({ config: { limits: { compression: true } } });
    expect(resolve({ flags: { compression: "false" } })).toMatchObject({ config: { limits: { compression: false } } });
  });

  test("apps come from the environment before the file", () => {
    const environment = { SEALCAST_APPS: JSON.stringify([{ ...app, id: "8" }]) };
    expect(resolve({ environment, file: { apps: [app] } })).toMatchObject({ config: { apps: [{ id: "8" }] } });
  });

  test("an app may have further live pairs, and keeps their order", () => {
    const keys = [{ key: "newer", secret: "newer-secret" }];
    expect(resolve({ file: { apps: [{ ...app, keys }] } })).toMatchObject({
      config: { apps: [{ credentials: [pair, ...keys] }] },
    });
  });

  test("settings that ask for nothing of a later version are accepted", () => {
    const file = {
      engine: { kind: "memory" },
      allowPrivateWebhookTargets: false,
      apps: [{ ...app, webhooks: [], requireSealed: false }],
    };
    expect(problemsOf(resolve({ file }))).toEqual([]);
  });
});

describe("problems", () => {
  test("all of them are reported at once, each with place, found and wanted", () => {
    const resolved = resolve({
      flags: { prot: "1", "drain-seconds": "soon", "max-frame-bytes": true },
      environment: { SEALCAST_LOG_LEVEL: "loud", SEALCAST_LOGLEVEL: "info" },
      file: {
        host: 5,
        hots: "x",
        engine: { kind: "redis", url: "redis://:password@cache" },
        apps: [
          { id: "7", key: "k y", secret: "short", clientEvent: true, maxEventBytes: "10kb", webhooks: [{ url: "u" }] },
          app,
        ],
      },
    });
    expect(problemsOf(resolved).map(({ where, found, wanted }) => [where, found, wanted])).toEqual([
      ["s.json: host", "5", "a host name or IP address"],
      ["s.json: hots", "an unknown option", '"host"'],
      ["s.json: engine", "an object", '{"kind":"memory"}: it is not in this version'],
      ["SEALCAST_LOG_LEVEL", '"loud"', 'one of "debug", "info", "warn", "error", "silent"'],
      ["SEALCAST_LOGLEVEL", "an unknown option", '"SEALCAST_LOG_LEVEL"'],
      ["--max-frame-bytes", "nothing", "a whole number from 0 to 16777216 (bytes)"],
      ["--drain-seconds", '"soon"', "a whole number from 0 to 300 (seconds)"],
      ["--prot", "an unknown option", '"--port"'],
      ["s.json: apps[0].key", "text of 3 characters", "text of 1 to 100 letters, digits, - or _"],
      ["s.json: apps[0].secret", "text of 5 characters", "text of 8 to 200 characters without spaces"],
      ["s.json: apps[0].maxEventBytes", '"10kb"', "a whole number from 1 to 1048576 (bytes)"],
      ["s.json: apps[0].clientEvent", "an unknown option", '"clientEvents"'],
      ["s.json: apps[0].webhooks", "a list of 1", "[]: it is not in this version"],
      ["s.json: apps[1].id", "the same as s.json: apps[0].id", "one that is not taken"],
    ]);
  });

  test.each([
    ["a list of no apps", []],
    ["apps as text", '[{"secret":"hunter2hunter2"}]'],
    ["an app as text", ["hunter2hunter2"]],
    ["an app as null", [null]],
    ["pairs that are no list", [{ ...app, keys: { key: "k", secret: "hunter2hunter2" } }]],
    ["a pair as text", [{ ...app, keys: ["hunter2hunter2"] }]],
    ["a key twice in one app", [{ ...app, keys: [pair] }]],
    ["a key of another app", [app, { ...app, id: "8" }]],
    ["a secret with a space", [{ ...app, secret: "hunter2 hunter2" }]],
    ["a secret where the id belongs", [{ ...app, id: "hunter2/hunter2" }]],
    ["a secret as the value of an unknown option", [{ ...app, sekret: "hunter2hunter2" }]],
    ["an origin with a path", [{ ...app, allowedOrigins: ["https://example.com/page"] }]],
    ["a fractional limit", [{ ...app, maxEventBytes: 1.5 }]],
    ["a limit over its ceiling", [{ ...app, maxEventBytes: 1_048_577 }]],
    ["null for a setting", [{ ...app, enabled: null }]],
  ])("%s stops the start, and no secret is shown", (_, apps) => {
    const problems = problemsOf(resolve({ file: { apps } }));
    expect(problems).not.toEqual([]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });

  test("an id and a secret that are numbers are not shown, and text is asked for", () => {
    const problems = problemsOf(resolve({ file: { apps: [{ id: 1001, key: "a-key", secret: 86_753_090_000 }] } }));
    expect(problems.map(({ where, found, wanted }) => [where, found, wanted])).toEqual([
      ["s.json: apps[0].id", "a number", "text of 1 to 100 letters, digits, - or _"],
      ["s.json: apps[0].secret", "a number", "text of 8 to 200 characters without spaces"],
    ]);
  });

  test("an address with a password in it is not shown", () => {
    const problems = problemsOf(resolve({ file: { engine: "redis://:hunter2@cache" } }));
    expect(problems).toEqual([expect.objectContaining({ where: "s.json: engine", found: "text of 22 characters" })]);
  });

  test.each([
    ['{\n  "apps": [{ "secret": "hunter2hunter2" ]\n}', "text that is not JSON (line 2, column 41)"],
    ["", "nothing"],
    ["\n", "nothing"],
    ["[1]", "a list of 1"],
    ["null", "null"],
  ])("the file %j is refused without showing it, and nothing else takes its place", (text, found) => {
    const file = { path: "s.json", text };
    const resolved = resolveConfig({ flags: new Map([["host", "0.0.0.0"]]), environment: {}, file });
    expect(problemsOf(resolved)).toEqual([expect.objectContaining({ where: "s.json", found })]);
    expect(JSON.stringify(resolved)).not.toContain("hunter2");
  });

  test("a file that is not there is named", () => {
    const resolved = resolveConfig({ flags: new Map(), environment: {}, file: { path: "gone.json", code: "ENOENT" } });
    expect(problemsOf(resolved)).toEqual([expect.objectContaining({ where: "gone.json", found: "no such file" })]);
  });

  test("apps in the environment that are not JSON are refused without showing them", () => {
    const problems = problemsOf(resolve({ environment: { SEALCAST_APPS: "[hunter2" } }));
    expect(problems).toEqual([expect.objectContaining({ where: "SEALCAST_APPS" })]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });
});
