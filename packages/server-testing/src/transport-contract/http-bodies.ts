import { once } from "node:events";
import type { Socket } from "node:net";
import type { ServerSettings } from "@sealcast/server";
import { expect, it, onTestFinished } from "vitest";
import { openSocket, streamed, textUntil } from "./http-socket.ts";
import { contractBodyBytes, type ContractListeners } from "./server.ts";
import { contractSettings } from "./settings.ts";

/** A body that lacks its last byte. */
const almostWhole = Buffer.alloc(contractBodyBytes - 1, "x");
/** Bodies of the largest size that use all the shared memory. */
const fittingBodies = contractSettings.maxBufferedBytes / contractBodyBytes;

/** Starts a contract server under `contractSettings` and what differs from them. */
export type StartContractServer = (different: Partial<ServerSettings>) => Promise<ContractListeners>;

/** What holds for bodies of requests, and for their limits. */
export function bodyRules(port: () => number, start: StartContractServer): void {
  function url(path: string): string {
    return `http://127.0.0.1:${port()}${path}`;
  }

  it("takes a body that is just within the limit", async () => {
    const response = await fetch(url("/echo"), { method: "POST", body: "x".repeat(contractBodyBytes) });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ body: "x".repeat(contractBodyBytes) });
  });

  it.each([contractBodyBytes + 1, 8 * contractBodyBytes])("answers a body of %d bytes with 413", async (bytes) => {
    const response = await fetch(url("/echo"), { method: "POST", body: "x".repeat(bytes) });
    expect([response.status, await response.text()]).toEqual([413, "bodyTooLarge\n"]);
  });

  it("answers a body that turns out too long with 413", async () => {
    const body = new Blob([new Uint8Array(contractBodyBytes), "x"]).stream();
    const request = new Request(url("/echo"), { ...streamed, body });
    expect((await fetch(request)).status).toBe(413);
  });

  it("accepts complete bodies while unfinished bodies use all the shared memory", async () => {
    const slowPort = await portForSlowClients(start);
    // One more than fits: when the first is refused, all have begun, and the others use the memory.
    await refusals(openUnfinished(slowPort, fittingBodies + 1), 1);
    const answers = await Promise.all(
      Array.from({ length: 3 }, () =>
        fetch(`http://127.0.0.1:${slowPort}/echo`, { method: "POST", body: almostWhole }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("refuses bodies that together exceed the memory limit, and accepts bodies again afterwards", async () => {
    const unfinished = openUnfinished(port(), 2 * fittingBodies);
    const [refusal] = (await Promise.any(unfinished.map((socket) => once(socket, "data")))) as [Buffer];
    expect(refusal.toString()).toMatch(/^HTTP\/1.1 503 /);
    for (const socket of unfinished) socket.destroy();
    await expect.poll(async () => (await fetch(url("/echo"), { method: "POST", body: almostWhole })).status).toBe(200);
  });

  it("keeps the oldest body behind a checked signature while younger ones without it exceed the memory limit", async () => {
    const slowPort = await portForSlowClients(start);
    const [signed] = openUnfinished(slowPort, 1, "/signed") as [Socket];
    await once(signed, "connect");
    await refusals(openUnfinished(slowPort, 2 * fittingBodies), fittingBodies);
    signed.write("x");
    expect(await textUntil(signed, "\r\n\r\n")).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each(["Content-Length: 100000", "Transfer-Encoding: chunked"])(
    "[HTTP26] refuses a request because of its head before it has the body: %s",
    async (field) => {
      const socket = openSocket(port());
      socket.write(`POST /refused HTTP/1.1\r\nHost: a\r\n${field}\r\n\r\n`);
      expect(await textUntil(socket, "refused")).toMatch(/^HTTP\/1.1 403 /);
    },
  );
}

/** Returns the port of a server that gives clients so much time that none is late on a slow machine. */
async function portForSlowClients(start: StartContractServer): Promise<number> {
  const server = await start({ handshakeTimeoutSeconds: 120 });
  onTestFinished(() => server.close());
  return server.ports[0];
}

/** Waits until so many of these requests were refused because of the memory limit. */
async function refusals(sockets: readonly Socket[], count: number): Promise<void> {
  const texts = await new Promise<readonly string[]>((resolve) => {
    const received: string[] = [];
    for (const socket of sockets) {
      socket.once("data", (text: Buffer) => {
        received.push(text.toString());
        if (received.length === count) resolve(received);
      });
    }
  });
  for (const text of texts) expect(text).toMatch(/^HTTP\/1.1 503 /);
}

/** Opens connections that each send a request whose body never ends. */
function openUnfinished(port: number, count: number, path = "/echo"): readonly Socket[] {
  const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${contractBodyBytes}\r\n\r\n`;
  return Array.from({ length: count }, () => {
    const socket = openSocket(port);
    socket.on("error", () => undefined).write(head);
    socket.write(almostWhole);
    return socket;
  });
}
