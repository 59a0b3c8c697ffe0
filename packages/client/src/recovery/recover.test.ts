import { expect, test } from "vitest";
import { recover, type RecoverableChannel, type RecoverableClient } from "./recover.ts";

/** A client whose connection a test scripts. It has the interface of `pusher-js`. */
class ScriptedClient implements RecoverableClient {
  readonly sent: unknown[] = [];
  readonly seen: string[] = [];
  readonly names: string[] = [];
  readonly #listeners = new Map<string, ((data: never) => void)[]>();
  readonly connection = {
    state: "connected",
    bind: (event: string, listener: (data: never) => void) =>
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]),
    unbind: (event: string, listener: (data: never) => void) =>
      this.#listeners.set(
        event,
        (this.#listeners.get(event) ?? []).filter((one) => one !== listener),
      ),
  };

  readonly #globalListeners = new Map<string, (event: string) => void>();

  allChannels(): RecoverableChannel[] {
    return this.names.map((name) => ({
      name,
      emit: (event, data) => this.seen.push(`${name} ${event} ${JSON.stringify(data)}`),
      bind_global: (listener) => this.#globalListeners.set(name, listener),
      unbind_global: () => this.#globalListeners.delete(name),
    }));
  }

  /** A channel passes on what the client could decrypt. */
  open(channel: string): void {
    this.#globalListeners.get(channel)?.("paid");
  }

  send_event(event: string, data: unknown, channel?: string): boolean {
    this.sent.push([event, data, channel]);
    return true;
  }

  connected(): void {
    this.#call("state_change", { previous: "connecting", current: "connected" });
  }

  subscribed(channel: string): void {
    if (!this.names.includes(channel)) this.names.push(channel);
    this.receive("pusher_internal:subscription_succeeded", channel, {});
  }

  receive(event: string, channel: string, data: unknown = 1): void {
    this.#call("message", { event, channel, data });
  }

  position(channel: string, offset?: number, recovered?: boolean): void {
    this.receive("pusher_internal:position", channel, {
      ...(offset === undefined ? {} : { epoch: "e", offset }),
      ...(recovered === undefined ? {} : { recovered }),
    });
  }

  #call(event: string, data: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(data as never);
  }
}

const request = (channel: string, after: object = {}): unknown => ["sealcast:recover", after, channel];

/** A client that is subscribed to a channel and has its events up to the fifth. */
function subscribed(channel = "orders"): ScriptedClient {
  const client = new ScriptedClient();
  recover(client);
  client.connected();
  client.subscribed(channel);
  client.position(channel, 4);
  client.receive("paid", channel);
  client.position(channel, 5);
  client.sent.length = 0;
  return client;
}

test("asks for positions after the first subscription, and for what was missed before the next", () => {
  const client = new ScriptedClient();
  recover(client);
  client.connected();
  expect(client.sent).toEqual([]);
  client.subscribed("orders");
  expect(client.sent).toEqual([request("orders")]);
  client.position("orders", 0);
  client.connected();
  expect(client.sent.at(-1)).toEqual(request("orders", { epoch: "e", offset: 0 }));
  client.subscribed("orders");
  expect(client.sent).toHaveLength(2);
});

test("tells the channel how many events it has recovered", () => {
  const client = subscribed();
  client.connected();
  client.subscribed("orders");
  for (const offset of [6, 7]) {
    client.receive("paid", "orders");
    client.position("orders", offset);
  }
  expect(client.seen).toEqual([]);
  client.position("orders", 7, true);
  client.receive("paid", "orders");
  client.position("orders", 8);
  expect(client.seen).toEqual(['orders pusher:recovered {"events":2}']);
});

test("an event whose position was cut off is not asked for again, however often the connection is cut", () => {
  const client = subscribed();
  client.receive("paid", "orders");
  client.receive("pusher_internal:subscription_count", "orders");
  client.connected();
  client.connected();
  expect(client.sent).toEqual([
    request("orders", { epoch: "e", offset: 6 }),
    request("orders", { epoch: "e", offset: 6 }),
  ]);
});

test("client events on cache channels have no position, so they do not count", () => {
  const client = subscribed("private-cache-orders");
  client.receive("client-typing", "private-cache-orders");
  client.connected();
  expect(client.sent).toEqual([request("private-cache-orders", { epoch: "e", offset: 5 })]);
});

test("tells the channel that the server no longer has all that was missed", () => {
  const client = subscribed();
  client.connected();
  client.subscribed("orders");
  client.position("orders", 900, false);
  expect(client.seen).toEqual(['orders pusher:not_recovered {"events":0}']);
});

test.each([
  [2, 'pusher:recovered {"events":2}'],
  [1, 'pusher:not_recovered {"events":2}'],
])("of two encrypted events, %i could be decrypted: %s", (opened, outcome) => {
  const client = subscribed("private-encrypted-orders");
  client.connected();
  client.subscribed("private-encrypted-orders");
  for (const offset of [6, 7]) {
    if (offset < 6 + opened) client.open("private-encrypted-orders");
    client.receive("paid", "private-encrypted-orders");
    client.position("private-encrypted-orders", offset);
  }
  client.position("private-encrypted-orders", 7, true);
  expect(client.seen).toEqual([`private-encrypted-orders ${outcome}`]);
});

test("tells the channel that the server itself has missed events", () => {
  const client = subscribed();
  client.position("orders", 8, false);
  expect(client.seen).toEqual(['orders pusher:not_recovered {"events":0}']);
});

test("tells channels without positions after each reconnection that events may be missing", () => {
  const client = new ScriptedClient();
  recover(client);
  client.connected();
  client.subscribed("news");
  client.position("news");
  expect(client.seen).toEqual([]);
  client.connected();
  client.subscribed("news");
  client.position("news");
  expect(client.seen).toEqual(['news pusher:not_recovered {"events":0}']);
});

test("a channel that was left begins again", () => {
  const client = subscribed();
  client.names.pop();
  client.connected();
  expect(client.sent).toEqual([]);
  client.subscribed("orders");
  expect(client.sent).toEqual([request("orders")]);
});

test("a channel that was left and joined again on one connection recovers nothing", () => {
  const client = subscribed();
  client.subscribed("orders");
  client.position("orders", 9);
  expect(client.sent).toEqual([request("orders")]);
  expect(client.seen).toEqual([]);
});

test("does nothing after it was ended", () => {
  const client = new ScriptedClient();
  recover(client)();
  client.connected();
  client.subscribed("orders");
  expect(client.sent).toEqual([]);
});
