import { execFileSync } from "node:child_process";

/** Builds what tests start as processes or show in a browser, once before all tests. Errors of types in tests do not matter here. */
export function setup(): void {
  execFileSync(process.execPath, ["scripts/build.mjs", "packages/cli", "examples/encrypted-chat"], {
    stdio: "inherit",
  });
}
