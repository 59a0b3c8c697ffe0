import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import Pusher from "pusher";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { channelsOf } from "../../examples/encrypted-chat/src/room-channels.ts";
import { send } from "../fixtures/api-request.ts";
import { ChatTabs } from "../fixtures/chat-tabs.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { formsFoundIn } from "../fixtures/forms-found-in.ts";
import { localOptions, PusherJs } from "../fixtures/pusher-js.ts";
import { SealcastProcess } from "../fixtures/sealcast-process.ts";
import { startWireRecorder, type WireRecorder } from "../fixtures/wire-recorder.ts";
import { credentials } from "../fixtures/credentials.ts";

/** Begins every plaintext below but the empty one. */
const secretWords = "brimstone butterfly over the weir";
/** As JSON, 7,619 bytes: the largest plaintext whose ciphertext fits into the 10,240 bytes of an event. */
const largest = secretWords.padEnd(7_617, "x");
const plaintexts: readonly (readonly [string, unknown])[] = [
  ["text", secretWords],
  ["JSON", { words: secretWords, list: [1, 2.5, null, true], "": [secretWords] }],
  ["unicode", `${secretWords} 😀 漢字 \u0000 \u2028 e\u0301`],
  ["an empty object", {}],
  ["the largest plaintext that fits", largest],
];

const { room } = channelsOf.encrypted;
const masterKey = randomBytes(32).toString("base64");
/** How long a page may take to show something; only a failing test waits that long. */
const polling = { timeout: 10_000 };

let folder: string;
let server: SealcastProcess;
let serverPort: number;
let wire: WireRecorder;
let publisher: Pusher;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealcast-e2e-"));
  const NODE_OPTIONS = `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${folder}`;
  [server, serverPort] = await SealcastProcess.start(["--log-level", "debug"], { NODE_OPTIONS });
  wire = await startWireRecorder(serverPort);
  publisher = publisherOn(wire.port);
}, 60_000);

afterAll(async () => {
  server.signal("SIGKILL");
  await server.exited;
  await wire.close();
  await rm(folder, { recursive: true });
});

describe("[ENC3] official pusher publishes, official pusher-js in Node.js opens", () => {
  let client: PusherJs;

  beforeAll(async () => {
    client = await connectNodeClient(wire.port, room);
  });
  afterAll(() => client.disconnect());

  test.each(plaintexts)("%s", async (_, plaintext) => {
    const opened = nextMessage(client, room);
    await publisher.trigger(room, "message", plaintext);
    expect(await opened).toEqual(plaintext);
  });

  test("one byte more is refused", async () => {
    await expect(publisher.trigger(room, "message", `${largest}x`)).rejects.toMatchObject({ status: 413 });
  });
});

describe.skipIf(chromiumPath === undefined)("[ENC3] official pusher-js opens in two tabs of the example's page", () => {
  let browser: Browser;
  let chat: ChatTabs;
  let tabs: Page[];

  beforeAll(async () => {
    chat = await ChatTabs.start(wire.port, masterKey);
    browser = await launchChromium();
    const context = await browser.newContext();
    tabs = [await chat.open(context, "Ada"), await chat.open(context, "Grace")];
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    chat.close();
  });

  test.each(plaintexts)("%s", async (_, plaintext) => {
    await publisher.trigger(room, "message", plaintext);
    for (const tab of tabs) await expect.poll(newestOn(tab), polling).toBe(JSON.stringify(plaintext));
  });

  test("what one user writes, the other reads, and the pane beside it shows ciphertext", async () => {
    const [ada, grace] = tabs;
    if (ada === undefined || grace === undefined) throw new Error("There are no two tabs");
    await ada.fill("#text", secretWords);
    await ada.press("#text", "Enter");
    for (const tab of tabs) await expect.poll(newestOn(tab), polling).toBe(secretWords);
    expect(await grace.textContent("#messages li:last-child .author")).toBe("Ada");
    const frame = grace.locator("#frames li").nth(plaintexts.length);
    expect(await frame.textContent()).toMatch(/^\d+ bytes\{"event":"message".*ciphertext/);
    const frames = (await grace.textContent("#frames")) ?? "";
    expect(formsFoundIn(Buffer.from(frames), secretWords)).toEqual([]);
  });
});

describe("[ENC3] no plaintext is to be found", () => {
  /** Published in plain text, so that a search that finds nothing is known to work. */
  const openWords = "cabbage white above the lock";

  test("on the wire, in either direction", async () => {
    const sealed = wire
      .recorded()
      .toString("latin1")
      .match(/ciphertext/g);
    expect(sealed?.length).toBeGreaterThanOrEqual(2 * plaintexts.length);
    expect(formsFoundIn(wire.recorded(), secretWords)).toEqual([]);
  });

  test("while the same search finds what is published or sent in the open", async () => {
    const open = await startWireRecorder(serverPort);
    const [reader, writer] = await Promise.all([1, 2].map(() => connectNodeClient(open.port, "private-open")));
    if (reader === undefined || writer === undefined) throw new Error("There are no two clients");
    const opened = nextMessage(reader, "private-open", "client-message");
    writer.channel("private-open").trigger("client-message", openWords);
    expect(await opened).toBe(openWords);
    writer.disconnect();
    reader.disconnect();
    // Once as the writer's masked frame, once as the frame to the reader.
    expect(open.recorded().toString("latin1").split(openWords)).toHaveLength(3);
    await publisherOn(open.port).trigger("cache-open", "message", openWords);
    expect(open.recorded().toString("latin1").split(openWords)).toHaveLength(4);
    await open.close();
  });

  test("in the memory of the server's process", async () => {
    server.signal("SIGUSR2");
    const heap = await heapSnapshot();
    expect(formsFoundIn(heap, openWords)).not.toEqual([]);
    expect(formsFoundIn(heap, secretWords)).toEqual([]);
  });

  test("in its log", () => {
    expect(server.stderr).toContain("server.listening");
    expect(formsFoundIn(Buffer.from(server.stdout + server.stderr), secretWords)).toEqual([]);
  });
});

function publisherOn(port: number): Pusher {
  return new Pusher({
    ...credentials,
    host: "127.0.0.1",
    port: String(port),
    useTLS: false,
    encryptionMasterKeyBase64: masterKey,
  });
}

async function connectNodeClient(port: number, channel: string): Promise<PusherJs> {
  const client = new PusherJs(credentials.key, {
    ...localOptions(port),
    channelAuthorization: {
      endpoint: "",
      transport: "ajax",
      customHandler: ({ socketId, channelName }, done) => done(null, publisher.authorizeChannel(socketId, channelName)),
    },
  });
  await new Promise((resolve, reject) => {
    client.subscribe(channel).bind("pusher:subscription_succeeded", resolve).bind("pusher:subscription_error", reject);
  });
  return client;
}

function nextMessage(client: PusherJs, channel: string, event = "message"): Promise<unknown> {
  return new Promise((resolve) => {
    const listener = (message: unknown): void => {
      client.channel(channel).unbind(event, listener);
      resolve(message);
    };
    client.channel(channel).bind(event, listener);
  });
}

function newestOn(tab: Page): () => Promise<string | null> {
  return () => tab.textContent("#messages li:last-child p");
}

/** What Node.js writes on SIGUSR2; it answers no request before it is done. */
async function heapSnapshot(): Promise<Buffer> {
  for (;;) {
    await send(serverPort, "GET", "/health/live");
    const name = (await readdir(folder)).find((entry) => entry.endsWith(".heapsnapshot"));
    if (name === undefined) continue;
    await send(serverPort, "GET", "/health/live");
    return readFile(join(folder, name));
  }
}
