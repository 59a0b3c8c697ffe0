import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createProgram } from "../program.ts";
import { completionScript, shells } from "./completion-script.ts";

const program = await createProgram("1.2.3");
const script = completionScript("bash", program);

/** Returns what bash offers for the last word. */
function offered(...words: string[]): string[] {
  const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}`;
  const print = String.raw`_sealcast; printf '%s\n' "\${COMPREPLY[@]}"`.replaceAll("\\$", "$");
  const output = execFileSync("bash", ["-c", `${script}\n${line}\n${print}`], { cwd: "/", encoding: "utf8" });
  return output.trim().split("\n");
}

test.each([
  [
    ["sealcast", "ch"],
    ["check", "channels"],
  ],
  [["sealcast", "channels", "l"], ["list"]],
  [["sealcast", "channels", "list", "--js"], ["--json"]],
  [["sealcast", "start", "--max-o"], ["--max-outbox-bytes"]],
  [["sealcast", "start", "--config", "etc"], ["etc"]],
  [["sealcast", "trigger", "news", "--li"], ["--lines"]],
])("bash completes %j with %j", (words, completions) => {
  expect(offered(...words)).toEqual(completions);
});

describe.each(shells)("the script for %s", (shell) => {
  const hasShell = spawnSync(shell, ["-c", "true"]).status === 0;
  test.skipIf(!hasShell)("has no syntax error", () => {
    const folder = mkdtempSync(join(tmpdir(), "sealcast-completion-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "script");
    writeFileSync(file, completionScript(shell, program));
    const { status, stderr } = spawnSync(shell, ["-n", file]);
    expect([status, stderr.toString()]).toEqual([0, ""]);
  });
});
