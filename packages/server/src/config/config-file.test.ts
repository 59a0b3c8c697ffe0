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

test("a file that is not there gives the reason as a value", async () => {
  expect(await readConfigFile(path)).toEqual({ path, code: "ENOENT" });
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
