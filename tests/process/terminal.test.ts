import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { root } from "../fixtures/repository.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

afterAll(() => server.close());

const url = (): string => `http://app-key:app-secret@127.0.0.1:${server.port}/apps/1001`;

/** Runs a command in a pseudo-terminal, and returns what it shows. */
async function inTerminal(command: string, environment: Record<string, string> = {}): Promise<string> {
  const line = `"${process.execPath}" "${join(root, "packages/cli/bin/sealcast.js")}" ${command}`;
  const child = spawn("script", ["-qec", line, "/dev/null"], {
    env: { PATH: process.env["PATH"], TERM: "xterm", SEALCAST_URL: url(), ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (part: Buffer) => (output += part.toString()));
  await once(child, "close");
  return output;
}

test("a terminal gets colors, unless NO_COLOR is set; a pipe never does", async () => {
  expect(await inTerminal("doctor --idle-seconds 0")).toContain("\u001B[32mok");
  expect(await inTerminal("doctor --idle-seconds 0", { NO_COLOR: "1" })).not.toContain("\u001B");
  const piped = new SealcastProcess(["doctor", "--idle-seconds", "0"], { SEALCAST_URL: url() });
  await piped.exited;
  expect(piped.stdout).toMatch(/^ok/);
});

test("bench shows its progress on a terminal, and only its report in a pipe", async () => {
  const args = ["bench", "--connections", "5", "--rate", "5", "--seconds", "1"];
  expect(await inTerminal(args.join(" "))).toContain("5 of 5 connected");
  const piped = new SealcastProcess(args, { SEALCAST_URL: url() });
  expect(await piped.exited).toBe(0);
  expect(piped.stderr).toBe("");
  expect(piped.stdout).toMatch(
    /^Connections +5 in .*\nPublished +5 \(0 failed\)\nDelivered +25 \(0 lost\)\nLatency +p50/,
  );
});

test("data with escape sequences does not control the terminal", async () => {
  const subscriber = new SealcastProcess(["subscribe", "news", "--count", "1"], { SEALCAST_URL: url() });
  await subscriber.wrote(/Subscribed/);
  const publisher = new SealcastProcess(["trigger", "news", "x", "\u001B[2Jgone"], { SEALCAST_URL: url() });
  await publisher.exited;
  await subscriber.exited;
  expect(subscriber.stdout).toBe("news  x  \\u001b[2Jgone\n");
});

test("the auth-server authorizes subscriptions on this machine", async () => {
  const endpoint = new SealcastProcess(["auth-server", "--port", "0", "--user-id", "ada"], { SEALCAST_URL: url() });
  onTestFinished(() => endpoint.signal("SIGKILL"));
  const [, address = ""] = await endpoint.wrote(/(http:\/\/127\.0\.0\.1:\d+\/pusher\/auth)/);
  const client = await RawClient.connect(server.port);
  const body = new URLSearchParams({ socket_id: client.socketId, channel_name: "presence-room" });
  const answer = await fetch(address, { method: "POST", body, headers: { Origin: "http://localhost:3000" } });
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  const { auth, channel_data } = (await answer.json()) as { auth: string; channel_data: string };
  expect(JSON.parse(channel_data)).toEqual({ user_id: "ada" });
  client.send({ event: "pusher:subscribe", data: { channel: "presence-room", auth, channel_data } });
  expect(await client.next("pusher_internal:subscription_succeeded")).toMatchObject({ channel: "presence-room" });
  await client.close();
  endpoint.signal("SIGTERM");
  expect(await endpoint.exited).toBe(0);
});

test("sealed events are sealed and opened on this machine; without the keys, the envelope is shown", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-sealed-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const keys = join(folder, "sealed.json");
  const environment = { SEALCAST_URL: url() };
  expect(await new SealcastProcess(["keys", "ring", keys, "--sealed"]).exited).toBe(0);
  const subscribe = (...options: string[]): SealcastProcess =>
    new SealcastProcess(["subscribe", "private-sealed-orders", "--count", "1", ...options], environment);
  const [opened, shown] = [subscribe("--decrypt", "--sealed-file", keys), subscribe()];
  for (const subscriber of [opened, shown]) await subscriber.wrote(/Subscribed/);
  const event = ["trigger", "private-sealed-orders", "created", "12", "--sealed-file", keys];
  expect(await new SealcastProcess(event, environment).exited).toBe(0);
  await Promise.all([opened.exited, shown.exited]);
  expect(opened.stdout).toBe("private-sealed-orders  created  12\n");
  expect(shown.stdout).toMatch(/^private-sealed-orders {2}created {2}\{"sealed":"[\w-]+"\}\n$/);
  const without = subscribe("--decrypt");
  expect([await without.exited, without.stderr]).toEqual([
    1,
    "--decrypt needs the keys of sealed channels: use --sealed-file FILE.\n",
  ]);
});
