/* oxlint-disable no-console -- examples of the pusher-js README, as they stand there */
// oxlint-disable-next-line import/no-named-as-default -- the line that users of pusher-js change
import Pusher from "@sealcast/client/pusher-js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startServerWithBackend } from "../fixtures/server-with-backend.ts";

// Names of the examples.
const APP_KEY = "app-key";
const APP_CLUSTER = "mt1";

const { server, backend } = await startServerWithBackend();

let pusher: Pusher;
let logged: unknown[][];

/** All that an application with a server of its own adds to the examples. */
const own = (): object => ({ wsHost: "127.0.0.1", wsPort: server.port, forceTLS: false, enabledTransports: ["ws"] });

beforeEach(() => {
  logged = [];
  vi.spyOn(console, "log").mockImplementation((...values) => void logged.push(values));
  pusher = new Pusher(APP_KEY, {
    cluster: APP_CLUSTER,
    channelAuthorization: {
      endpoint: `${backend.url}/pusher/auth`,
    },
    ...own(),
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  pusher.disconnect();
});

const polling = { timeout: 5_000, interval: 5 };
const received = (...values: readonly unknown[]): Promise<void> =>
  vi.waitFor(() => expect(logged).toContainEqual(values), polling);
const subscribed = (name: string): Promise<void> =>
  vi.waitFor(() => expect(pusher.channel(name)?.subscribed).toBe(true), polling);
const handler = (): void => console.log("handler");

describe("the README of pusher-js", () => {
  test("binding to events", async () => {
    const channel = pusher.subscribe("my-channel");
    channel.bind("new-message", function (data: { message: string }) {
      console.log(data.message);
    });
    channel.bind(
      "my-event",
      function (this: { name: string }) {
        console.log(`hi ${this.name}`);
      },
      { name: "Pusher" },
    );
    channel.bind_global(function (event: string, data: unknown) {
      console.log(`The event ${event} was triggered with data ${String(data)}`);
    });
    await subscribed("my-channel");
    await backend.pusher.trigger("my-channel", "new-message", { message: "hello" });
    await backend.pusher.trigger("my-channel", "my-event", "text");
    await received("hello");
    await received("hi Pusher");
    const last = "The event my-event was triggered with data text";
    await vi.waitFor(() => expect(logged).toContainEqual([last]), polling);
  });

  test("unbinding", async () => {
    const channel = pusher.subscribe("my-channel");
    const context = { title: "Pusher" };
    channel.bind("new-comment", handler);
    channel.bind("new-comment", handler, context);
    channel.unbind("new-comment", handler);
    channel.unbind("new-comment");
    channel.unbind(null, handler);
    channel.unbind(null, null, context);
    channel.unbind();
    channel.unbind_global(handler);
    channel.unbind_global();
    channel.unbind_all();
    channel.bind("new-comment", () => console.log("the only one"));
    await subscribed("my-channel");
    await backend.pusher.trigger("my-channel", "new-comment", {});
    await received("the only one");
    expect(logged).toEqual([["the only one"]]);
  });

  test("private, encrypted and presence channels, and the list of them", async () => {
    pusher.subscribe("private-my-channel");
    pusher.subscribe("private-encrypted-my-channel").bind("secret", (data: unknown) => console.log(data));
    const presenceChannel = pusher.subscribe("presence-my-channel");
    presenceChannel.bind("client-message", function (data: unknown, metadata: { user_id: string }) {
      console.log("received data from", metadata.user_id, ":", data);
    });
    pusher.allChannels().forEach((channel) => console.log(channel.name));
    expect(logged).toEqual([["private-my-channel"], ["private-encrypted-my-channel"], ["presence-my-channel"]]);
    for (const { name } of pusher.allChannels()) await subscribed(name);
    await backend.pusher.trigger("private-encrypted-my-channel", "secret", { only: "for us" });
    await received({ only: "for us" });
    const other = new Pusher(APP_KEY, {
      cluster: APP_CLUSTER,
      channelAuthorization: { endpoint: `${backend.url}/pusher/auth`, params: { user: "bob" } },
      ...own(),
    });
    const channel = other.subscribe("presence-my-channel");
    await vi.waitFor(() => expect(channel.subscribed).toBe(true), polling);
    channel.trigger("client-message", { message: "Hello, world!" });
    await received("received data from", "bob", ":", { message: "Hello, world!" });
    other.disconnect();
    pusher.unsubscribe("private-my-channel");
    expect(pusher.channel("private-my-channel")).toBeUndefined();
  });

  test("connection events and states", async () => {
    pusher.connection.bind("state_change", function (states: { current: string }) {
      console.log("Channels current state is " + states.current);
    });
    pusher.connection.bind("connected", () => console.log(typeof pusher.connection.socket_id));
    pusher.connection.bind("disconnected", () => console.log("gone"));
    await received("string");
    pusher.disconnect();
    expect(logged).toEqual([
      ["Channels current state is connected"],
      ["string"],
      ["Channels current state is disconnected"],
      ["gone"],
    ]);
  });

  test("an error of the connection", async () => {
    const unknown = new Pusher("no such key", { cluster: APP_CLUSTER, ...own() });
    unknown.connection.bind("error", function (err: { error: { data: { code: number } } }) {
      if (err.error.data.code === 4001) {
        console.log("No such app!");
      }
    });
    await vi.waitFor(() => expect(logged).toContainEqual(["No such app!"]), polling);
  });

  test("logging", async () => {
    Pusher.logToConsole = true;
    pusher.subscribe("my-channel");
    await received('Pusher :  : ["No callbacks on my-channel for pusher:subscription_succeeded"]');
    Pusher.logToConsole = false;
    Pusher.log = (msg) => {
      console.log(`mine: ${msg}`);
    };
    pusher.disconnect();
    const last = 'mine: Pusher :  : ["State changed","connected -> disconnected"]';
    await vi.waitFor(() => expect(logged).toContainEqual([last]), polling);
    Object.assign(Pusher, { log: undefined });
  });
});
