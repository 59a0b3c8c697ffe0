import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "../fixtures/repository.ts";

test("packed packages open an encrypted event in every runtime at hand: `npm run toolchains -- --fast`", async () => {
  const script = join(root, "scripts/toolchains.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--fast"], { cwd: root });
  expect(stdout).toMatch(/ok {6}Node\.js of this machine[^]*ok {6}Bun[^]*ok {6}Deno[^]*0 failed/);
}, 180_000);
