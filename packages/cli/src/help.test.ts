import { environmentName, flagName, serverOptions } from "@sealcast/server";
import { expect, test } from "vitest";
import { helpText } from "./help.ts";

test("every option is there with its flag, its variable and its default", () => {
  for (const [key, option] of Object.entries(serverOptions)) {
    expect(helpText()).toMatch(new RegExp(`--${flagName(key)}\\b`));
    expect(helpText()).toContain(environmentName(key));
    expect(helpText()).toContain(`default ${String(option.default)}`);
  }
});

test("lines fit into a terminal", () => {
  const longest = Math.max(
    ...helpText()
      .split("\n")
      .map((line) => line.length),
  );
  expect(longest).toBeLessThanOrEqual(110);
});
