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
    flags: new Map(Object.entries(from.flags ?? {}).map(([name, text]) => [`--${name}`, text])),
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
    expect(resolve({ flags: { compression: true } })).toMatchObject({ config: { compression: true } });
    expect(resolve({ flags: { compression: "false" } })).toMatchObject({ config: { compression: false } });
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

  test("in the file, the settings of the engine are an object; flags and variables name them in full", () => {
    const file = { engine: { kind: "redis", url: "redis://file:1", leaseSeconds: 5 } };
    const from = { file, environment: { SEALCAST_ENGINE_URL: "redis://variable:1" }, flags: { "engine-prefix": "p" } };
    expect(resolve(from)).toMatchObject({
      config: { engine: "redis", engineUrl: "redis://variable:1", engineLeaseSeconds: 5, enginePrefix: "p" },
    });
    expect(resolve({ file: { engine: { kind: "redis" } } })).toMatchObject({ config: { engineLeaseSeconds: 10 } });
    expect(problemsOf(resolve({ file: { engine: { kind: "rediss", prefx: "hunter2" } } }))).toEqual([
      expect.objectContaining({ where: "s.json: engine.kind", expected: 'one of "memory", "redis"' }),
      expect.objectContaining({
        where: "s.json: engine.prefx",
        fix: 'Did you mean "prefix"? Rename it, or remove it.',
      }),
    ]);
  });

  test("an IPv6 host may stand in brackets, as in a URL", () => {
    expect(resolve({ flags: { host: "[::1]" } })).toMatchObject({ config: { host: "::1" } });
  });

  test("variables of other commands are not options of the server", () => {
    const environment = { SEALCAST_URL: "http://k:s@127.0.0.1/apps/1", SEALCAST_MASTER_KEY: "x" };
    expect(resolve({ environment })).toMatchObject({ ok: true, ignored: [] });
  });

  test("the port that Kubernetes sets for a Service named sealcast is ignored, with the reason", () => {
    expect(resolve({ environment: { SEALCAST_PORT: "tcp://10.0.0.1:6001" } })).toMatchObject({
      ok: true,
      config: { port: 6001 },
      ignored: [{ name: "SEALCAST_PORT", reason: expect.stringContaining("enableServiceLinks") as string }],
    });
  });
});

describe("problems", () => {
  test("all of them are reported at once, each with place, expected and got", () => {
    const resolved = resolve({
      flags: { prot: "1", "drain-seconds": "soon", "max-frame-bytes": true, port: "70000" },
      environment: { SEALCAST_LOG_LEVEL: "loud", SEALCAST_LOGLEVEL: "info" },
      file: {
        host: 5,
        hots: "x",
        "odd name": 1,
        apps: [{ id: "7", key: "k y", secret: "short", clientEvent: true, maxEventBytes: "10kb", keys: [{}] }, app],
      },
    });
    expect(problemsOf(resolved).map(({ where, expected, got }) => [where, expected, got])).toEqual([
      ["s.json: host", "a host name or IP address", "a number"],
      ["s.json: hots", "an option of this version", "an unknown option"],
      ['s.json: ["odd name"]', "an option of this version", "an unknown option"],
      ["SEALCAST_LOG_LEVEL", 'one of "debug", "info", "warn", "error", "silent"', "other text"],
      ["SEALCAST_LOGLEVEL", "an option of this version", "an unknown option"],
      ["--port", "a whole number from 0 to 65535", "more than that"],
      ["--max-frame-bytes", "a whole number from 0 to 16777216 (bytes)", "nothing"],
      ["--drain-seconds", "a whole number from 0 to 300 (seconds)", "text"],
      ["--prot", "an option of this version", "an unknown option"],
      ['s.json: apps[0].key (app "7")', "text of 1 to 100 letters, digits, - or _", "other text"],
      ['s.json: apps[0].secret (app "7")', "text of 8 to 200 characters without spaces", "other text"],
      ['s.json: apps[0].keys[0].key (app "7")', "text of 1 to 100 letters, digits, - or _", "nothing"],
      ['s.json: apps[0].keys[0].secret (app "7")', "text of 8 to 200 characters without spaces", "nothing"],
      ['s.json: apps[0].maxEventBytes (app "7")', "a whole number from 1 to 1048576 (bytes)", "text"],
      ['s.json: apps[0].clientEvent (app "7")', "an option of this version", "an unknown option"],
      ["s.json: apps[1].id", "an id that no other app has", "the same as s.json: apps[0].id"],
    ]);
  });

  test("a fix names the close option or the default", () => {
    const problems = problemsOf(resolve({ file: { hots: "x", port: "x", apps: [{ ...app, clientEvent: true }] } }));
    expect(problems.map(({ fix }) => fix)).toEqual([
      "Correct it, or remove it for the default (6001).",
      'Did you mean "host"? Rename it, or remove it.',
      'Did you mean "clientEvents"? Rename it, or remove it.',
    ]);
  });

  test("a long id, which may be a secret in the wrong place, is shortened", () => {
    const problems = problemsOf(resolve({ file: { apps: [{ id: "0123456789abcdef0123", key: "k", secret: "s" }] } }));
    expect(problems.map(({ where }) => where)).toEqual(['s.json: apps[0].secret (app "012345…")']);
  });

  test("[CONN11] an allowed origin that can never match is named, and others are stored as browsers send them", () => {
    const allowedOrigins = ["https://Example.com:443", "https://example.com/page", "*"];
    const problems = problemsOf(resolve({ file: { apps: [{ ...app, allowedOrigins }] } }));
    expect(problems.map(({ where, got }) => [where, got])).toEqual([
      ['s.json: apps[0].allowedOrigins[1] (app "7")', "an entry that no origin can match"],
      ['s.json: apps[0].allowedOrigins[2] (app "7")', "an entry that no origin can match"],
    ]);
    expect(resolve({ file: { apps: [{ ...app, allowedOrigins: ["https://Example.com:443"] }] } })).toMatchObject({
      config: { apps: [{ allowedOrigins: ["https://example.com"] }] },
    });
  });

  test("20,000 unknown options are all counted, and a close name is looked up for the first ones only", () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `hos${index}`);
    const problems = problemsOf(resolve({ file: Object.fromEntries(names.map((name) => [name, 1])) }));
    expect(problems).toHaveLength(20_000);
    expect(problems.filter(({ fix }) => fix.includes("Did you mean"))).toHaveLength(30);
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
    ["a name that JavaScript treats specially", [JSON.parse('{"__proto__":{"secret":"hunter2hunter2"}}') as unknown]],
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
    expect(problems.map(({ where, expected, got }) => [where, expected, got])).toEqual([
      ["s.json: apps[0].id", "text of 1 to 100 letters, digits, - or _", "a number"],
      ["s.json: apps[0].secret", "text of 8 to 200 characters without spaces", "a number"],
    ]);
  });

  test.each([
    ['{\n  "apps": [{ "secret": "hunter2hunter2" ]\n}', "text that is not JSON (line 2, column 41)"],
    ["", "nothing"],
    ["\n", "nothing"],
    ["[1]", "a list"],
    ["null", "null"],
  ])("the file %j is refused without showing it, and nothing else takes its place", (text, got) => {
    const file = { path: "s.json", text };
    const resolved = resolveConfig({ flags: new Map([["--host", "0.0.0.0"]]), environment: {}, file });
    expect(problemsOf(resolved)).toEqual([expect.objectContaining({ where: "s.json", got })]);
    expect(JSON.stringify(resolved)).not.toContain("hunter2");
  });

  test("a file that cannot be read is named, with the reason", () => {
    const problem = { expected: "a regular file with JSON", got: "a named pipe", fix: "Check it." };
    const resolved = resolveConfig({ flags: new Map(), environment: {}, file: { path: "gone.json", problem } });
    expect(problemsOf(resolved)).toEqual([{ where: "gone.json", ...problem }]);
  });

  test("apps in the environment that are not JSON are refused without showing them", () => {
    const problems = problemsOf(resolve({ environment: { SEALCAST_APPS: "[hunter2" } }));
    expect(problems).toEqual([expect.objectContaining({ where: "SEALCAST_APPS" })]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });
});
