import { describe, expect, test } from "vitest";
import { configFrom } from "./config-from.ts";

const app = { id: "1001", key: "app-key", secret: "hidden-secret" };

describe("options of a program", () => {
  test("become a configuration; those that are undefined count as not given", () => {
    const { apps, port } = configFrom({ apps: [app], port: undefined });
    expect([apps[0]?.id, port]).toEqual(["1001", 6001]);
  });

  test.each<[options: unknown, message: string]>([
    [null, "expected  a JSON object"],
    ["apps", "expected  a JSON object"],
    [() => ({}), "expected an object of options, got a function"],
    [{ port: 10n }, "expected port to be a JSON value, got a bigint"],
    [{ apps: [{ ...app, clientEvents: () => true }] }, "expected clientEvents to be a JSON value, got a function"],
    [{ apps: [{ ...app, id: Symbol("id") }] }, "expected id to be a JSON value, got a symbol"],
    [{ apps: [{ ...app, webhooks: circular() }] }, "expected options that do not contain themselves"],
    [{ apps: [{ ...app, id: 5 }] }, "apps[0].id"],
  ])("are refused without repeating a secret: %#", (options, message) => {
    const read = (): unknown => configFrom(options as Record<string, unknown>);
    expect(read).toThrow(TypeError);
    expect(read).toThrow(`Cannot use this configuration`);
    expect(read).toThrow(message);
    expect(read).not.toThrow("hidden-secret");
  });
});

function circular(): object {
  const list: unknown[] = [];
  list.push(list);
  return list;
}
