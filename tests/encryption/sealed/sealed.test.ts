import { whenSubscribed, type Members } from "@sealcast/client";
import { createAuthHandler, generateMasterKey } from "@sealcast/server-sdk";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startSealedApp, type SealedApp } from "./sealed-app.ts";

let app: SealedApp;
afterEach(() => app.close());

const channel = "private-sealed-orders";
const numbers = (upTo: number): number[] => Array.from({ length: upTo }, (_, index) => index + 1);
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 20 });

describe("sealed channels, from publisher to subscriber", () => {
  test("[SEAL4] events arrive with their metadata, and the server sees only envelopes", async () => {
    app = await startSealedApp();
    const { events, errors, subscribed } = app.subscribe(channel);
    await subscribed();
    await app.publisher.trigger(channel, "e", { total: 12 });
    await app.publisher.trigger(channel, "e", Uint8Array.of(1, 2, 3));
    await eventually(() => expect(events).toHaveLength(2));
    expect(events[0]).toMatchObject({ data: { total: 12 }, seq: 1, gap: 0, verified: false });
    expect(events[0]?.keyId).toMatch(/^[\w-]{11}$/);
    expect(Math.abs((events[0]?.ts ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(events[1]).toMatchObject({ data: Uint8Array.of(1, 2, 3), seq: 2 });
    expect(errors).toEqual([]);
    const { status } = await app.publisher
      .post({
        path: "/events",
        body: { name: "e", channels: [channel], data: "plaintext" },
      })
      .catch((error: { status: number }) => error);
    expect(status).toBe(400);
  });

  test("[SEAL6] signed events are verified; unsigned ones are refused", async () => {
    const ring = [{ key: generateMasterKey() }];
    app = await startSealedApp({ ring, signing: { secret: generateMasterKey() } });
    const { events, errors, subscribed } = app.subscribe(channel);
    await subscribed();
    await app.publisher.trigger(channel, "e", "signed");
    await eventually(() => expect(events).toMatchObject([{ data: "signed", verified: true }]));
    // Somebody with the keys of the channel, but without the signing secret.
    app.publisher.replaceSealed({ ring });
    await app.publisher.trigger(channel, "e", "forged");
    await eventually(() => expect(errors).toEqual(["unsigned"]));
    expect(events).toHaveLength(1);
  });

  test("[SEAL9] hidden names of events and channels", async () => {
    app = await startSealedApp({ hideEventNames: true, nameKey: generateMasterKey() });
    const hidden = app.publisher.hiddenChannelName(channel);
    const { events, subscribed } = app.subscribe(hidden);
    await subscribed();
    await app.publisher.trigger(hidden, "salary-changed", 1);
    await eventually(() => expect(events).toMatchObject([{ event: "salary-changed", data: 1 }]));
  });

  test("[SEAL4] members see each other's info, and client events carry their sender", async () => {
    app = await startSealedApp();
    const room = "presence-sealed-room";
    const ada = app.subscribe(room, "ada");
    await ada.subscribed();
    const joined: unknown[] = [];
    ada.channel.bind("pusher:member_added", (member) => joined.push(member));
    const bob = app.subscribe(room, "bob");
    await bob.subscribed();
    const { members } = bob.channel as unknown as { members: Members };
    expect({ ...members.members }).toEqual({ ada: { name: "ADA" }, bob: { name: "BOB" } });
    await eventually(() => expect(joined).toEqual([{ id: "bob", info: { name: "BOB" } }]));
    expect(bob.channel.trigger("client-e", { typing: true })).toBe(true);
    await eventually(() =>
      expect(ada.events).toMatchObject([{ event: "client-e", data: { typing: true }, seq: 1, user_id: "bob" }]),
    );
    expect([...ada.errors, ...bob.errors]).toEqual([]);
  });

  test("[SEAL10] keys come from an auth endpoint, several channels in one request, never from a cache", async () => {
    app = await startSealedApp();
    const handler = createAuthHandler({
      sealcast: app.publisher,
      authenticate: () => ({ id: "ada", user_info: { name: "Ada" } }),
      authorize: () => true,
    });
    const answers: Response[] = [];
    const fetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
      const answer = await handler(new Request(url, init));
      answers.push(answer.clone());
      return answer;
    };
    const {
      client,
      channel: room,
      events,
      subscribed,
    } = app.subscribe("presence-sealed-room", "ada", {
      channelAuthorization: { endpoint: "https://app.example/auth", fetch },
    });
    const other = client.subscribe(channel);
    const received: unknown[] = [];
    other.bind("e", (data) => received.push(data));
    await Promise.all([subscribed(), whenSubscribed(other)]);
    await app.publisher.trigger([room.name, channel], "e", "both");
    await eventually(() => expect([events.length, received]).toEqual([1, ["both"]]));
    expect(answers).toHaveLength(1);
    expect(answers[0]?.headers.get("cache-control")).toBe("no-store");
    expect({ ...(room as unknown as { members: Members }).members.members }).toEqual({ ada: { name: "Ada" } });
  });

  test("[SEAL7] the event that a cache channel kept arrives once", async () => {
    app = await startSealedApp();
    const cache = "private-cache-sealed-price";
    await app.publisher.trigger(cache, "e", "kept");
    const { events, errors, subscribed } = app.subscribe(cache);
    await subscribed();
    await eventually(() => expect(events).toMatchObject([{ data: "kept" }]));
    await app.publisher.trigger(cache, "e", "next");
    await eventually(() => expect(events).toMatchObject([{ data: "kept" }, { data: "next", gap: 0 }]));
    expect(errors).toEqual([]);
  });

  test("[SEAL10] [SEAL11] 50 clients: a rotation and the removal of a member lose nothing for the members that stay", async () => {
    const keys = [generateMasterKey(), generateMasterKey()];
    let generation = 0;
    const options = (ring: readonly { key: string; from?: number }[]): object => ({
      ring,
      generation: () => generation,
    });
    app = await startSealedApp(options([{ key: keys[0] ?? "" }]));
    const subscribers = Array.from({ length: 50 }, (_, index) => app.subscribe(channel, `user-${index}`));
    await Promise.all(subscribers.map(({ subscribed }) => subscribed()));
    const [removed, ...others] = subscribers;
    let sent = 0;
    const publish = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) await app.publisher.trigger(channel, "e", (sent += 1));
    };
    await publish(20);
    // An emergency rotation: no client knows the new key before the first event under it.
    app.publisher.replaceSealed(options([{ key: keys[0] ?? "" }, { key: keys[1] ?? "", from: Date.now() }]) as never);
    await publish(20);
    for (const { events } of subscribers) {
      await eventually(() => expect(events.map(({ data }) => data)).toEqual(numbers(40)));
    }
    app.refused.add("user-0");
    generation = 1;
    await publish(20);
    for (const { events } of others) {
      await eventually(() => expect(events.map(({ data }) => data)).toEqual(numbers(60)));
    }
    expect(removed?.events.map(({ data }) => data)).toEqual(numbers(40));
    expect(others.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
