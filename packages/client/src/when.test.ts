import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { events, whenConnected, whenSignedIn, whenSubscribed } from "./index.ts";
import { longestName } from "./channels/channel.ts";
import { connected, make, sent, settle, standStill } from "./testing/scripted-client.ts";
import { ScriptedSocket } from "./testing/scripted-socket.ts";

beforeEach(standStill);
afterEach(() => {
  vi.useRealTimers();
});

const refuses = { customHandler: () => Promise.reject(new Error("no")) };

describe("promises settle", () => {
  test("whenSubscribed after a refusal that was announced before, and for a name that is too long", async () => {
    const client = await connected({ channelAuthorization: refuses });
    const refused = client.subscribe("private-a");
    const long = client.subscribe("x".repeat(longestName + 1));
    await settle();
    expect(refused.failure?.code).toBe("refused");
    await expect(whenSubscribed(refused)).rejects.toMatchObject({ code: "refused", message: "no" });
    await expect(whenSubscribed(long)).rejects.toMatchObject({ code: "refused", status: 400 });
  });

  test("whenSignedIn after a refusal that was announced before", async () => {
    const client = await connected({ userAuthentication: refuses });
    client.signin();
    await client.user.signinDonePromise;
    await expect(whenSignedIn(client)).rejects.toMatchObject({ code: "refused", message: "no" });
  });

  test("whenConnected and whenSubscribed of a client that does not connect", async () => {
    const client = make({ autoConnect: false });
    await expect(whenConnected(client)).rejects.toMatchObject({ code: "disconnected" });
    await expect(whenSubscribed(client.subscribe("room"))).rejects.toMatchObject({ code: "disconnected" });
  });

  test("whenSubscribed of a channel that is left while its endpoint is asked, at once; nothing is sent", async () => {
    const client = await connected({ channelAuthorization: { customHandler: () => new Promise(() => {}) } });
    const promise = whenSubscribed(client.subscribe("presence-a"));
    await settle();
    client.unsubscribe("presence-a");
    await expect(promise).rejects.toMatchObject({ code: "unsubscribed" });
    expect(sent()).toEqual([]);
  });
});

test("during every cut, however many follow one another, promises wait for the next connection", async () => {
  const client = await connected();
  const channel = client.subscribe("room");
  await settle();
  ScriptedSocket.latest.succeed("room");
  for (let cut = 1; cut <= 7; cut += 1) {
    await vi.advanceTimersByTimeAsync(200);
    ScriptedSocket.latest.end(1006);
    await settle();
    expect([client.connection.state, channel.subscribed]).not.toContain("connected");
    expect(channel.subscribed).toBe(false);
    const settled = Promise.all([whenConnected(client), whenSubscribed(channel)]);
    const socketsBefore = ScriptedSocket.all.length;
    while (ScriptedSocket.all.length === socketsBefore) await vi.advanceTimersByTimeAsync(1_000);
    await settle();
    ScriptedSocket.latest.establish(`9.${cut}`);
    await settle();
    ScriptedSocket.latest.succeed("room");
    expect(await settled).toEqual([`9.${cut}`, channel]);
  }
});

test("a channel that was left with channel.unsubscribe() does not come back by itself, and can be subscribed to again", async () => {
  const client = await connected();
  const left = client.subscribe("room");
  await settle();
  ScriptedSocket.latest.succeed("room");
  left.unsubscribe();
  sent();
  ScriptedSocket.latest.end(4200);
  await vi.advanceTimersByTimeAsync(0);
  await settle();
  ScriptedSocket.latest.establish("2.2");
  await settle();
  expect(sent()).toEqual([]);
  const again = client.subscribe("room");
  const received = events(again, "e");
  await settle();
  ScriptedSocket.latest.succeed("room");
  ScriptedSocket.latest.message("e", 1, "room");
  expect(await whenSubscribed(again)).toBe(again);
  expect([(await received.next()).value?.data, again.left.aborted, left.left.aborted]).toEqual([1, false, true]);
});
