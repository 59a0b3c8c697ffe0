import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../clock/system.ts";
import { TurnBudget } from "../links/turn-budget.ts";
import { paceReading, readInPieces } from "./paced-reader.ts";

let server: Server;
let clients: Socket[];
let accepted: Socket[];
beforeEach(async () => {
  const turns = new TurnBudget(systemClock);
  clients = [];
  accepted = [];
  server = createServer((socket) => {
    paceReading(socket, turns);
    accepted.push(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  server.close();
  await once(server, "close");
});

/** Opens a connection; returns its two ends. */
async function open(): Promise<{ readonly client: Socket; readonly socket: Socket }> {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server is not listening");
  const connected = once(server, "connection");
  const client = connect(address.port, "127.0.0.1");
  clients.push(client);
  await connected;
  const socket = accepted.at(-1);
  if (socket === undefined) throw new Error("The server has accepted nothing");
  return { client, socket };
}

/** Bytes that tell where they belong. */
function numbered(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index + 4 <= length; index += 4) bytes.writeUInt32BE(index, index);
  return bytes;
}

/** Keeps the event loop busy, as the handling of messages does. */
function work(ms: number): void {
  const endsMs = performance.now() + ms;
  while (performance.now() < endsMs);
}

const bytes = numbered(60_000);

describe("a paced socket", () => {
  it("passes on everything in order, in small pieces, and then the end", async () => {
    const { client, socket } = await open();
    readInPieces(socket, Buffer.from("early"));
    const pieces: Buffer[] = [];
    socket.on("data", (piece: Buffer) => pieces.push(piece));
    client.end(bytes);
    await once(socket, "end");
    expect(Buffer.concat(pieces).equals(Buffer.concat([Buffer.from("early"), bytes]))).toBe(true);
    expect(pieces[1]?.length).toBeLessThanOrEqual(2_048);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(8_192);
  });

  it("passes on short pieces of what takes long to handle", async () => {
    const { client, socket } = await open();
    const lengths: number[] = [];
    readInPieces(socket, Buffer.alloc(0));
    socket.on("data", (piece: Buffer) => {
      lengths.push(piece.length);
      work(1);
    });
    client.end(bytes);
    await once(socket, "end");
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1_024);
  });

  it("does not split what it reads before readInPieces is called", async () => {
    const { client, socket } = await open();
    const lengths: number[] = [];
    socket.on("data", (piece: Buffer) => lengths.push(piece.length));
    client.end(bytes.subarray(0, 8_000));
    await once(socket, "end");
    expect(lengths).toEqual([8_000]);
  });

  it("[FRAME11] takes turns with others while they all have more to handle than one turn has time for", async () => {
    const pairs = [await open(), await open(), await open()];
    const order: number[] = [];
    const ended = pairs.map(({ socket }, index) => {
      readInPieces(socket, Buffer.alloc(0));
      socket.on("data", () => {
        order.push(index);
        work(1);
      });
      return once(socket, "end");
    });
    for (const { client } of pairs) client.end(bytes);
    await Promise.all(ended);
    const lastOfFirst = Math.min(...[0, 1, 2].map((index) => order.lastIndexOf(index)));
    // Before the first of them is done, the others have had as many turns, give or take what arrived earlier.
    for (const index of [0, 1, 2]) {
      const turns = order.slice(0, lastOfFirst).filter((one) => one === index).length;
      expect(turns).toBeGreaterThan(order.length / 3 / 2);
    }
  });

  it("holds back while its consumer pauses, and goes on when it resumes", async () => {
    const { client, socket } = await open();
    readInPieces(socket, Buffer.alloc(0));
    let read = 0;
    let pauses = 0;
    socket.on("data", (piece: Buffer) => {
      read += piece.length;
      socket.pause();
      pauses += 1;
      setTimeout(() => socket.resume(), 1);
    });
    client.end(bytes);
    await once(socket, "end");
    expect(read).toBe(bytes.length);
    expect(pauses).toBeGreaterThan(bytes.length / 8_192);
  });
});
