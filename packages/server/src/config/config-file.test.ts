import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readConfigFile, watchConfigFile } from "./config-file.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealcast-config-"));
  path = join(folder, "sealcast.json");
});

afterEach(() => rm(folder, { recursive: true }));

test("a file is read without its byte order mark", async () => {
  await writeFile(path, "\uFEFF{}");
  expect(await readConfigFile(path)).toEqual({ path, text: "{}" });
});

test.each([
  ["nothing", () => undefined, "no such file, or a link to none"],
  ["a dangling link", () => symlinkSync(join(folder, "gone"), path), "no such file, or a link to none"],
  ["a link to itself", () => symlinkSync(path, path), "a link that leads to itself"],
  ["a directory", () => mkdirSync(path), "a directory"],
  ["a named pipe that nobody writes to", () => execFileSync("mkfifo", [path]), "a named pipe"],
  ["a device without end", () => symlinkSync("/dev/zero", path), "a device"],
  ["a file of 100 MB", () => (writeFileSync(path, ""), truncateSync(path, 100_000_000)), "a file of more than"],
])("if the path leads to %s, the reason is a value, and nothing waits", async (_, prepare, got) => {
  prepare();
  expect(await readConfigFile(path)).toMatchObject({ path, problem: { got: expect.stringContaining(got) as string } });
});

test("a socket is no configuration", async () => {
  const server = createServer().listen(path);
  await once(server, "listening");
  expect(await readConfigFile(path)).toMatchObject({ problem: { got: expect.stringContaining("a socket") as string } });
  server.close();
  await once(server, "close");
});

test("writing and replacing the file are both noticed, and nothing is after stopping", async () => {
  await writeFile(path, "");
  let notices = 0;
  const stop = watchConfigFile(path, () => (notices += 1), 5);

  await changeUntil(() => notices > 0, writeFurther);
  const afterWriting = notices;
  await changeUntil(() => notices > afterWriting, replaceByFurther);
  stop();

  const afterReplacing = notices;
  let othersNotices = 0;
  const stopOther = watchConfigFile(path, () => (othersNotices += 1), 5);
  await changeUntil(() => othersNotices > 0, writeFurther);
  stopOther();
  expect(notices).toBe(afterReplacing);
});

/** Changes again and again: the first change may come before the watcher has looked for the first time. */
async function changeUntil(noticed: () => boolean, change: () => Promise<void>): Promise<void> {
  while (!noticed()) await change();
}

async function writeFurther(): Promise<void> {
  await writeFile(path, `${(await readFile(path, "utf8")).slice(-99)}.`);
}

async function replaceByFurther(): Promise<void> {
  const other = join(folder, "other");
  await writeFile(other, `${(await readFile(path, "utf8")).slice(-99)}.`);
  await rename(other, path);
}
