import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { send } from "../fixtures/api-request.ts";
import { root } from "../fixtures/repository.ts";

const runtimes = [
  ["Node.js", process.execPath],
  ["Bun", join(root, "node_modules/.bin/bun")],
] as const;

/** Starts a server whose standard error is a file descriptor of the test, and waits until it accepts connections. */
async function start(runtime: string, stderr: number | "pipe"): Promise<{ child: ChildProcess; port: number }> {
  const args = ["start", "--port", "0", "--log-level", "debug", "--drain-seconds", "0"];
  const child = spawn(runtime, [join(root, "packages/cli/bin/sealcast.js"), ...args], {
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", stderr],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for await (const part of child.stdout ?? []) {
    output += String(part);
    const port = /URL +http:\/\/\S+:(\d+)/.exec(output)?.[1];
    if (port !== undefined) return { child, port: Number(port) };
  }
  throw new Error(`It ended without listening:\n${output}`);
}

/** Makes the server log more than any pipe holds. */
async function fillLog(port: number): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    const requests = Array.from({ length: 25 }, () => send(port, "GET", `/apps/1001/channels?x=${"y".repeat(500)}`));
    await Promise.all(requests);
  }
}

/** A pipe as shells make them, with a reader that never reads. */
function unreadPipe(): number {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-pipe-"));
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  // Opened on its own: programs that share an opened file share whether writing to it blocks.
  const filler = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  fill(filler);
  closeSync(filler);
  const writer = openSync(path, constants.O_WRONLY);
  onTestFinished(() => {
    closeSync(reader);
    closeSync(writer);
    rmSync(folder, { recursive: true });
  });
  return writer;
}

/** Writes to a pipe until nothing more fits in. */
function fill(pipe: number): void {
  const page = Buffer.alloc(4_096);
  try {
    for (;;) writeSync(pipe, page);
  } catch (error) {
    expect(error).toMatchObject({ code: "EAGAIN" });
  }
}

describe.each(runtimes)("on %s", (_, runtime) => {
  test("a disk without space for the log does not stop the server, nor its end", async () => {
    const full = openSync("/dev/full", "w");
    onTestFinished(() => closeSync(full));
    const { child, port } = await start(runtime, full);
    await fillLog(port);
    expect((await send(port, "GET", "/health/live")).status).toBe(200);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("a log pipe that nobody reads does not stop the server, nor its end", async () => {
    const { child, port } = await start(runtime, unreadPipe());
    await fillLog(port);
    expect((await send(port, "GET", "/health/live")).status).toBe(200);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("a log pipe whose reader has exited does not stop the server", async () => {
    const { child, port } = await start(runtime, "pipe");
    child.stderr?.destroy();
    await fillLog(port);
    expect((await send(port, "GET", "/health/live")).status).toBe(200);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});

test("a socket for the log that nobody reads, as supervisors use it, does not stop the server, nor its end", async () => {
  const { child, port } = await start(process.execPath, "pipe");
  child.stderr?.pause();
  await fillLog(port);
  expect((await send(port, "GET", "/health/live")).status).toBe(200);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});

/** Writes lines as the log does, but without `pino`, which itself makes Node.js write to standard error without blocking. */
const program = `
  import { createLineWriter, sinkOf } from "./packages/server/dist/adapters/log/line-writer.js";
  const writer = createLineWriter(sinkOf(2), () => undefined);
  for (let line = 0; line < 2_000; line += 1) writer.write("x".repeat(500) + "\\n");
  setTimeout(() => process.exit(0), 100);
`;

test.each<[what: string, stderr: () => number | "pipe"]>([
  ["pipe", unreadPipe],
  ["socket", () => "pipe"],
])("a %s for the log that nobody reads does not block the end of a process", async (_, stderr) => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: root,
    stdio: ["ignore", "ignore", stderr()],
  });
  child.stderr?.pause();
  onTestFinished(() => void child.kill("SIGKILL"));
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("a second SIGTERM ends at once, even if nobody reads the log", async () => {
  const { child, port } = await start(process.execPath, unreadPipe());
  await fillLog(port);
  child.kill("SIGTERM");
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number];
  expect([0, 143]).toContain(code);
});
