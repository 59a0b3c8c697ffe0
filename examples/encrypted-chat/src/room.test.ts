import { Sealcast } from "@sealcast/server-sdk";
import { describe, expect, test } from "vitest";
import { Room, type RoomKey } from "./room.ts";
import { channelsOf } from "./room-channels.ts";
import type { History, Message } from "./room-events.ts";

interface Published {
  readonly message: Message;
  readonly history: readonly Message[];
}

/** A room whose server answers with these statuses, then with 200. `hangs` is a server that never answers. */
function roomOf(...answers: readonly (number | "hangs")[]): { readonly room: Room; readonly published: Published[] } {
  const key = Buffer.alloc(32, 7).toString("base64");
  const ring = [{ key }, { key: Buffer.alloc(32, 8).toString("base64"), from: 1 }];
  const encryption = { ring, rotationPauseMs: 0 };
  const app = { appId: "1001", key: "k", secret: "s", retries: 0, timeoutMs: 20 };
  const remaining = [...answers];
  const published: Published[] = [];
  const fetch = (_: string, { signal }: RequestInit): Promise<Response> => {
    const answer = remaining.shift() ?? 200;
    if (answer !== "hangs") return Promise.resolve(new Response("{}", { status: answer }));
    return new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason as Error));
    });
  };
  const sealcast = new Sealcast({ ...app, fetch, encryption });
  const triggerBatch = sealcast.triggerBatch.bind(sealcast);
  sealcast.triggerBatch = async (events) => {
    const counts = await triggerBatch(events);
    const [message, history] = events.map(({ data }) => data);
    published.push({ message: message as Message, history: (history as History).messages });
    return counts;
  };
  const useRing = (others: readonly RoomKey[]): void => sealcast.replaceRing({ ...encryption, ring: others });
  return { room: new Room(sealcast, channelsOf.encrypted, ring, useRing), published };
}

describe("a message", () => {
  test.each([400, 403, 413, 429, 503])("that the server refuses with %i takes no number", async (status) => {
    const { room, published } = roomOf(status);
    await expect(room.say("Ada", "refused")).rejects.toThrow(`${status}`);
    await room.say("Ada", "accepted");
    expect(published.map(({ message }) => [message.number, message.text])).toEqual([[1, "accepted"]]);
  });

  test.each(["hangs", 500] as const)("whose fate is unknown (%s) takes its number", async (answer) => {
    const { room, published } = roomOf(answer);
    await expect(room.say("Ada", "unknown")).rejects.toThrow(/No answer|The server answered 500/);
    await room.say("Ada", "accepted");
    expect(published.map(({ message }) => message.number)).toEqual([2]);
  });

  test("is numbered in the order of sending, although several are sent at once", async () => {
    const { room, published } = roomOf();
    await Promise.all(["a", "b", "c"].map((text) => room.say("Ada", text)));
    expect(published.map(({ message }) => `${message.number}${message.text}`)).toEqual(["1a", "2b", "3c"]);
  });
});

test("the history holds the newest messages that fit into one event", async () => {
  const { room, published } = roomOf();
  for (let number = 1; number <= 30; number += 1) await room.say("Ada", "x".repeat(1_000));
  const { history } = published.at(-1) ?? { history: [] };
  expect(history.at(-1)?.number).toBe(30);
  expect(history.length).toBeGreaterThan(3);
  expect(Buffer.byteLength(JSON.stringify({ messages: history }))).toBeLessThan(7_619);
});
