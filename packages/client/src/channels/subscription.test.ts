import { getEventListeners } from "node:events";
import { events, listen, whenSubscribed } from "../index.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { connected, make, sent, settle, standStill, subscribeMessage } from "../testing/scripted-client.ts";
import { ScriptedSocket } from "../testing/scripted-socket.ts";

beforeEach(standStill);
afterEach(() => {
  vi.useRealTimers();
});

describe("a subscription", () => {
  test("is made when there is a connection, once, and again after a reconnection", async () => {
    const client = make();
    const channel = client.subscribe("room");
    expect(client.subscribe("room")).toBe(channel);
    await settle();
    ScriptedSocket.latest.establish();
    await settle();
    expect(sent()).toEqual([subscribeMessage("room")]);
    ScriptedSocket.latest.succeed("room");
    client.subscribe("room");
    await settle();
    expect(sent()).toEqual([]);
    ScriptedSocket.latest.end(4200);
    await vi.advanceTimersByTimeAsync(0);
    await settle();
    expect(channel.subscribed).toBe(false);
    ScriptedSocket.latest.establish("2.2");
    await settle();
    expect(sent()).toEqual([subscribeMessage("room")]);
  });

  test("that is left while it is under way is left at once", async () => {
    const client = await connected();
    const channel = client.subscribe("room");
    await settle();
    client.unsubscribe("room");
    expect(sent()).toEqual([subscribeMessage("room"), { event: "pusher:unsubscribe", data: { channel: "room" } }]);
    ScriptedSocket.latest.succeed("room");
    expect(channel.subscribed).toBe(false);
    expect(client.channel("room")).toBeUndefined();
    expect(channel.left.aborted).toBe(true);
  });

  test("that is left while the connection breaks does not come back", async () => {
    const client = await connected();
    client.subscribe("room");
    await settle();
    client.unsubscribe("room");
    ScriptedSocket.latest.end(4200);
    await vi.advanceTimersByTimeAsync(0);
    await settle();
    ScriptedSocket.latest.establish("2.2");
    await settle();
    expect(sent()).toEqual([]);
    expect(client.allChannels()).toEqual([]);
  });

  test("does not take the permission for an older connection", async () => {
    const answers: (() => void)[] = [];
    const client = await connected({
      channelAuthorization: {
        customHandler: ({ socketId }, callback) => void answers.push(() => callback(null, { auth: `for ${socketId}` })),
      },
    });
    client.subscribe("private-a");
    await settle();
    ScriptedSocket.latest.end(4200);
    await vi.advanceTimersByTimeAsync(0);
    await settle();
    ScriptedSocket.latest.establish("2.2");
    await settle();
    for (const answer of answers) answer();
    await settle();
    expect(sent()).toEqual([{ event: "pusher:subscribe", data: { auth: "for 2.2", channel: "private-a" } }]);
  });

  test("that fails can be tried again, and is with the next connection", async () => {
    let allowed = false;
    const client = await connected({
      channelAuthorization: {
        customHandler: async () => {
          if (!allowed) throw new Error("not yet");
          return { auth: "a" };
        },
      },
    });
    const channel = client.subscribe("private-a");
    const errors: unknown[] = [];
    channel.bind("pusher:subscription_error", (error) => errors.push(error));
    await settle();
    expect(errors).toEqual([{ type: "AuthError", error: "not yet" }]);
    allowed = true;
    client.subscribe("private-a");
    await settle();
    expect(sent()).toHaveLength(1);
  });

  test("ends with a signal", async () => {
    const client = await connected();
    const abort = new AbortController();
    client.subscribe("room", { signal: abort.signal });
    await settle();
    ScriptedSocket.latest.succeed("room");
    sent();
    abort.abort();
    expect(sent()).toEqual([{ event: "pusher:unsubscribe", data: { channel: "room" } }]);
    // A later channel of the same name belongs to somebody else.
    client.subscribe("room");
    await settle();
    abort.abort();
    expect(client.channel("room")).toBeDefined();
    client.subscribe("other", { signal: AbortSignal.abort() });
    await settle();
    expect(client.channel("other")).toBeUndefined();
  });
});

test("what is over keeps nothing bound to a signal that lives on", async () => {
  const client = await connected();
  const { signal } = new AbortController();
  const channel = client.subscribe("room", { signal });
  await settle();
  ScriptedSocket.latest.succeed("room");
  await whenSubscribed(channel, { signal });
  listen(channel, "e", () => {}, { signal })();
  const stream = events(channel, "e", { signal });
  const reading = stream.next();
  client.unsubscribe("room");
  expect(await reading).toMatchObject({ done: true });
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

describe("whenSubscribed", () => {
  test("resolves with the channel", async () => {
    const client = await connected();
    const promise = whenSubscribed(client.subscribe("room"));
    await settle();
    ScriptedSocket.latest.succeed("room");
    expect((await promise).name).toBe("room");
    expect((await whenSubscribed(client.subscribe("room"))).subscribed).toBe(true);
  });

  test("rejects when the subscription is refused, by the endpoint or by the server", async () => {
    const client = await connected({ channelAuthorization: { customHandler: () => Promise.reject(new Error("no")) } });
    await expect(whenSubscribed(client.subscribe("private-a"))).rejects.toMatchObject({
      code: "refused",
      message: "no",
    });
    const promise = whenSubscribed(client.subscribe("room"));
    await settle();
    ScriptedSocket.latest.message(
      "pusher:subscription_error",
      { type: "AuthError", error: "full", status: 403 },
      "room",
    );
    await expect(promise).rejects.toMatchObject({ code: "refused", message: "full", status: 403 });
  });

  test("rejects when the channel is left, and when the client disconnects", async () => {
    const client = await connected();
    const left = whenSubscribed(client.subscribe("left"));
    await settle();
    client.unsubscribe("left");
    ScriptedSocket.latest.succeed("left");
    await expect(left).rejects.toMatchObject({ code: "unsubscribed" });
    const promise = whenSubscribed(client.subscribe("room"));
    client.disconnect();
    await expect(promise).rejects.toMatchObject({ code: "disconnected" });
  });

  test("rejects with the reason of a signal", async () => {
    const client = await connected();
    await expect(whenSubscribed(client.subscribe("room"), { signal: AbortSignal.abort("mine") })).rejects.toBe("mine");
  });
});

describe("events", () => {
  test("come one by one, those included that came before they were asked for", async () => {
    const client = await connected();
    const stream = events(client.subscribe("room"), "e");
    for (const data of [1, 2]) ScriptedSocket.latest.message("e", data, "room");
    expect(await stream.next()).toEqual({ done: false, value: { data: 1, metadata: {} } });
    expect(await stream.next()).toEqual({ done: false, value: { data: 2, metadata: {} } });
    const waiting = [stream.next(), stream.next()];
    for (const data of [3, 4]) ScriptedSocket.latest.message("e", data, "room", { user_id: "u" });
    expect((await Promise.all(waiting)).map(({ value }) => value)).toEqual([
      { data: 3, metadata: { user_id: "u" } },
      { data: 4, metadata: { user_id: "u" } },
    ]);
  });

  test("end with a signal, when the channel is left, and with the loop", async () => {
    const client = await connected();
    const channel = client.subscribe("room");
    await settle();
    ScriptedSocket.latest.succeed("room");
    const abort = new AbortController();
    const aborted = events(channel, "e", { signal: abort.signal });
    const left = events(channel, "e");
    const reading = left.next();
    abort.abort();
    expect(await aborted.next()).toEqual({ done: true, value: undefined });
    expect(await events(channel, "e", { signal: abort.signal }).next()).toMatchObject({ done: true });
    const seen: unknown[] = [];
    ScriptedSocket.latest.message("e", 1, "room");
    const loop = events(channel, "e");
    for (const data of [2, 3]) ScriptedSocket.latest.message("e", data, "room");
    for await (const { data } of loop) {
      seen.push(data);
      if (data === 3) break;
    }
    expect(seen).toEqual([2, 3]);
    ScriptedSocket.latest.message("e", 4, "room");
    expect(await loop.next()).toMatchObject({ done: true });
    client.unsubscribe("room");
    expect(await reading).toMatchObject({ value: { data: 1 } });
    expect([(await left.next()).value?.data, (await left.next()).value?.data, (await left.next()).value?.data]).toEqual(
      [2, 3, 4],
    );
    expect(await left.next()).toMatchObject({ done: true });
    expect(await events(channel, "e").next()).toMatchObject({ done: true });
  });

  test("are not lost silently on a reader who does not read", async () => {
    const client = await connected();
    const stream = events(client.subscribe("room"), "e");
    for (let number = 1; number <= 1_001; number += 1) ScriptedSocket.latest.message("e", number, "room");
    for (let number = 1; number <= 1_000; number += 1) {
      expect((await stream.next()).value).toEqual({ data: number, metadata: {} });
    }
    await expect(stream.next()).rejects.toMatchObject({ code: "slow-reader" });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});

test("listen binds until it is stopped or aborted, and keeps other bindings of the function", async () => {
  const client = await connected();
  const channel = client.subscribe("room");
  const received: unknown[] = [];
  const listener = (data: unknown): void => void received.push(data);
  const abort = new AbortController();
  channel.bind("e", listener);
  const stop = listen(channel, "e", listener);
  listen(channel, "e", listener, { signal: abort.signal });
  listen(channel, "e", listener, { signal: AbortSignal.abort() });
  ScriptedSocket.latest.message("e", 1, "room");
  stop();
  ScriptedSocket.latest.message("e", 2, "room");
  abort.abort();
  ScriptedSocket.latest.message("e", 3, "room");
  expect(received).toEqual([1, 1, 1, 2, 2, 3]);
});
