import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, totalmem, type } from "node:os";
import { canPin } from "./pinned.ts";
import { executable } from "./subjects/subject.ts";

/** What must be known about a machine and its programs to compare numbers; no host names and no paths. */
export function describeMachine(): Readonly<Record<string, string>> {
  const processors = cpus();
  return {
    processor: `${processors[0]?.model.trim() ?? "unknown"}, ${processors.length} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release().split("-")[0]}`,
    "Node.js": process.versions.node,
    Bun: spawnSync(executable("bun"), ["--version"], { encoding: "utf8" }).stdout.trim(),
    ws: versionOf("ws"),
    "socket.io": versionOf("socket.io"),
    pinning: canPin ? "server on core 0, load on core 1" : "none: one core, or no `taskset`",
  };
}

function versionOf(packageName: string): string {
  const file = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
