import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root, textOf } from "../fixtures/repository.ts";

const [, example = ""] = /^```tsx\n([^]*?)^```/m.exec(textOf("packages/react/README.md")) ?? [];

test.each([
  ["compiles, with the app's own channels registered", example, undefined],
  [
    "does not compile with a channel that the app has not",
    example.replace('presence-room")', 'presence-rom")'),
    "TS2345",
  ],
  ["does not compile with an event that the channel has not", example.replace('"paid", (', '"payd", ('), "TS2345"],
  ["does not compile with data that the event has not", example.replace("({ order })", "({ sum: order })"), "TS2339"],
])("the example of the README %s", (_, code, error) => {
  // Below the root, so that packages are found.
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "react-readme-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const compilerOptions = { composite: false, incremental: false, tsBuildInfoFile: null, noEmit: true };
  const settings = { extends: join(root, "tsconfig.tests.json"), compilerOptions, include: ["*.tsx"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
  writeFileSync(join(folder, "app.tsx"), code);
  const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--pretty", "false"], {
    encoding: "utf8",
  });
  expect(/error (TS\d+)/.exec(stdout)?.[1]).toBe(error);
});
