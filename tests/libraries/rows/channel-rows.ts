import { tampered } from "../../fixtures/app-backend.ts";
import { credentials } from "../../fixtures/credentials.ts";
import { attempt, recordFlags, withoutAdvice, type Row } from "./recorder.ts";

/** Rows about channels. */
export const channelRows: readonly Row[] = [
  {
    name: "a private channel relays client events to others",
    async act(recorder) {
      const [ada, bob] = [recorder.client("ada"), recorder.client("bob")];
      const channels = [ada.subscribe("private-a"), bob.subscribe("private-a")] as const;
      for (const channel of channels) await recorder.subscribed(channel);
      recorder.listen(channels[1], "client-move");
      recorder.record("sent")(channels[0].trigger("client-move", { x: 1 }));
      await recorder.until("private-a client-move");
    },
  },
  {
    name: "triggering is refused as it always was",
    async act(recorder) {
      const client = recorder.client("ada");
      recorder.listenToConnection(client);
      const [open, sealed, early] = ["open", "private-encrypted-s", "private-early"].map((name) =>
        client.subscribe(name),
      );
      attempt(recorder, "before the connection", () => early?.trigger("client-x", 1));
      await recorder.connected(client);
      if (open) await recorder.subscribed(open);
      attempt(recorder, "without prefix", () => open?.trigger("x", 1));
      attempt(recorder, "encrypted", () => sealed?.trigger("client-x", 1));
      attempt(recorder, "public", () => open?.trigger("client-x", 1));
      await recorder.until("PusherError");
    },
  },
  {
    name: "presence tells who is there, who comes and who goes",
    async act(recorder) {
      const ada = recorder.client("ada");
      const channel = ada.subscribe("presence-room");
      recorder.listen(
        channel,
        "pusher:subscription_succeeded",
        "pusher:member_added",
        "pusher:member_removed",
        "client-hi",
      );
      await recorder.subscribed(channel);
      const bob = recorder.client("bob");
      const theirs = bob.subscribe("presence-room");
      await recorder.subscribed(theirs);
      await recorder.until("member_added");
      theirs.trigger("client-hi", { n: 1 });
      await recorder.until("client-hi");
      const { members } = channel as unknown as {
        members: { get(id: string): unknown; each(callback: (member: unknown) => void): void; count: number };
      };
      recorder.record("get")(members.get("bob"), members.get("nobody"), members.get("constructor"), members.count);
      members.each(recorder.record("each"));
      bob.disconnect();
      await recorder.until("member_removed");
      ada.disconnect();
      recorder.record("after")(members);
    },
  },
  {
    name: "subscribing twice is once, and gives the same object",
    async act(recorder) {
      const client = recorder.client("ada");
      const channel = recorder.listen(client.subscribe("once"));
      recorder.record("same")(channel === client.subscribe("once"), channel === client.channel("once"));
      await recorder.subscribed(channel);
      client.subscribe("once");
      await recorder.settled(client);
      recorder.record("all")(client.allChannels().map(({ name }) => name));
    },
  },
  {
    name: "leaving and coming back makes a new object without bindings",
    async act(recorder) {
      const client = recorder.client("ada");
      const channel = recorder.listen(client.subscribe("left"));
      await recorder.subscribed(channel);
      client.unsubscribe("left");
      client.unsubscribe("never there");
      recorder.record("gone")(client.channel("left"), channel.subscribed);
      const again = client.subscribe("left");
      await recorder.subscribed(again);
      recorder.record("same")(again === channel);
      await recorder.backend.pusher.trigger("left", "e", 1);
      await recorder.settled(client);
    },
  },
  {
    name: "leaving before the subscription is confirmed, and taking that back",
    async act(recorder) {
      const client = recorder.client("ada");
      await recorder.connected(client);
      const first = recorder.listen(client.subscribe("early"));
      recordFlags(recorder, client, "early");
      client.unsubscribe("early");
      recordFlags(recorder, client, "early");
      await recorder.settled(client);
      recorder.record("gone")(client.channel("early"), first.subscribed);
      const second = recorder.listen(client.subscribe("early"));
      client.unsubscribe("early");
      client.subscribe("early");
      await recorder.subscribed(second);
      recordFlags(recorder, client, "early");
    },
  },
  {
    name: "leaving just before the connection breaks",
    async act(recorder) {
      const client = recorder.client("ada");
      await recorder.connected(client);
      client.subscribe("unwanted");
      client.unsubscribe("unwanted");
      client.disconnect();
      client.connect();
      await recorder.connected(client);
      await recorder.settled(client);
      recordFlags(recorder, client, "unwanted");
    },
    differs: {
      because: "pusher-js joins a channel again that was left",
      ours: () => [["flags", {}]],
    },
  },
  {
    name: "an endpoint that says no",
    async act(recorder) {
      const client = recorder.client("ada", {
        channelAuthorization: { endpoint: `${recorder.backend.url}/nowhere`, transport: "ajax" },
      });
      const channel = recorder.listen(client.subscribe("private-no"), "pusher:subscription_error");
      await recorder.until("private-no pusher:subscription_error");
      recordFlags(recorder, client, channel.name);
    },
    differs: { because: "the rest of its text names documents of another product", ours: withoutAdvice },
  },
  {
    name: "a server that says no",
    async act(recorder) {
      const client = recorder.client("ada");
      recorder.listen(client.subscribe(`private-${tampered}`));
      await recorder.until("subscription_error");
    },
  },
  {
    name: "after a server's no, the channel can be tried again",
    async act(recorder) {
      const client = recorder.client("ada");
      const { name } = recorder.listen(client.subscribe(`private-${tampered}`));
      await recorder.until("subscription_error");
      recorder.events.length = 0;
      recordFlags(recorder, client, name);
    },
    differs: {
      because: "pusher-js leaves the subscription pending forever",
      ours: () => [["flags", { subscribed: false, subscriptionPending: false, subscriptionCancelled: false }]],
    },
  },
  {
    name: "custom handlers and what they answer",
    async act(recorder) {
      const asked = recorder.record("asked");
      const client = recorder.client("ada", {
        channelAuthorization: {
          transport: "ajax",
          endpoint: "",
          customHandler: (params, callback) => {
            asked(params);
            callback(new Error("not today"), null);
          },
        },
      });
      recorder.listen(client.subscribe("private-h"), "pusher:subscription_error");
      await recorder.until("private-h pusher:subscription_error");
    },
  },
  {
    name: "custom handlers that call back later, and happen to return something",
    async act(recorder) {
      const client = recorder.client("ada", {
        channelAuthorization: {
          transport: "ajax",
          endpoint: "",
          // Arrow functions without a body return whatever the call gives: here a timer.
          customHandler: (_, callback) => setTimeout(callback, 1, new Error("not today"), null),
        },
        userAuthentication: {
          transport: "ajax",
          endpoint: "",
          customHandler: (_, callback) => setTimeout(callback, 1, new Error("nor for you"), null),
        },
      });
      client.user.bind("pusher:signin_error", recorder.record("signin_error"));
      recorder.listen(client.subscribe("private-h"), "pusher:subscription_error");
      await recorder.until("private-h pusher:subscription_error");
      client.signin();
      await recorder.until("signin_error");
    },
  },
  {
    name: "the deprecated authorizer",
    async act(recorder) {
      const { channelAuthorization: _, ...options } = recorder.options("ada");
      const client = new recorder.Pusher(credentials.key, {
        ...options,
        authEndpoint: "/mine",
        auth: { params: { p: 1 }, headers: { h: 2 } },
        authorizer: (channel, settings) => ({
          authorize(socketId, callback) {
            recorder.record("authorize")(channel.name, settings, socketId);
            callback(new Error("no"), null);
          },
        }),
      });
      recorder.listen(client.subscribe("private-d"), "pusher:subscription_error");
      await recorder.until("private-d pusher:subscription_error");
      client.disconnect();
    },
  },
  {
    name: "cache channels begin with their last event, or without one",
    async act(recorder) {
      const channel = `cache-${crypto.randomUUID()}`;
      const client = recorder.client("ada");
      client.subscribe(channel).bind_global((event: string, data: unknown) => recorder.record("cache")(event, data));
      await recorder.until("cache_miss");
      await recorder.backend.pusher.trigger(channel, "price", { p: 1 });
      await recorder.until("price");
      const other = recorder.client("bob");
      other.subscribe(channel).bind_global((event: string, data: unknown) => recorder.record("later")(event, data));
      await recorder.until('"later","price"');
    },
  },
  {
    name: "subscription counts",
    async act(recorder) {
      const client = recorder.client("ada");
      const channel = recorder.listen(client.subscribe("counted"), "pusher:subscription_count");
      recorder.record("before")(channel.subscriptionCount);
      await recorder.until("counted pusher:subscription_count");
      recorder.record("count")(channel.subscriptionCount);
    },
  },
];
