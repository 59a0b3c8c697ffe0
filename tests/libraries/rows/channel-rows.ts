import { tampered } from "../../fixtures/app-backend.ts";
import { credentials } from "../../fixtures/credentials.ts";
import { attempt, noteFlags, withoutAdvice, type Row } from "./scene.ts";

/** Rows about channels. */
export const channelRows: readonly Row[] = [
  {
    name: "a private channel relays client events to others",
    async act(scene) {
      const [ada, bob] = [scene.client("ada"), scene.client("bob")];
      const channels = [ada.subscribe("private-a"), bob.subscribe("private-a")] as const;
      for (const channel of channels) await scene.subscribed(channel);
      scene.listen(channels[1], "client-move");
      scene.note("sent")(channels[0].trigger("client-move", { x: 1 }));
      await scene.until("private-a client-move");
    },
  },
  {
    name: "triggering is refused as it always was",
    async act(scene) {
      const client = scene.client("ada");
      scene.listenToConnection(client);
      const [open, sealed, early] = ["open", "private-encrypted-s", "private-early"].map((name) =>
        client.subscribe(name),
      );
      attempt(scene, "before the connection", () => early?.trigger("client-x", 1));
      await scene.connected(client);
      if (open) await scene.subscribed(open);
      attempt(scene, "without prefix", () => open?.trigger("x", 1));
      attempt(scene, "encrypted", () => sealed?.trigger("client-x", 1));
      attempt(scene, "public", () => open?.trigger("client-x", 1));
      await scene.until("PusherError");
    },
  },
  {
    name: "presence tells who is there, who comes and who goes",
    async act(scene) {
      const ada = scene.client("ada");
      const channel = ada.subscribe("presence-room");
      scene.listen(
        channel,
        "pusher:subscription_succeeded",
        "pusher:member_added",
        "pusher:member_removed",
        "client-hi",
      );
      await scene.subscribed(channel);
      const bob = scene.client("bob");
      const theirs = bob.subscribe("presence-room");
      await scene.subscribed(theirs);
      await scene.until("member_added");
      theirs.trigger("client-hi", { n: 1 });
      await scene.until("client-hi");
      const { members } = channel as unknown as {
        members: { get(id: string): unknown; each(callback: (member: unknown) => void): void; count: number };
      };
      scene.note("get")(members.get("bob"), members.get("nobody"), members.get("constructor"), members.count);
      members.each(scene.note("each"));
      bob.disconnect();
      await scene.until("member_removed");
      ada.disconnect();
      scene.note("after")(members);
    },
  },
  {
    name: "subscribing twice is once, and gives the same object",
    async act(scene) {
      const client = scene.client("ada");
      const channel = scene.listen(client.subscribe("once"));
      scene.note("same")(channel === client.subscribe("once"), channel === client.channel("once"));
      await scene.subscribed(channel);
      client.subscribe("once");
      await scene.settled(client);
      scene.note("all")(client.allChannels().map(({ name }) => name));
    },
  },
  {
    name: "leaving and coming back makes a new object without bindings",
    async act(scene) {
      const client = scene.client("ada");
      const channel = scene.listen(client.subscribe("left"));
      await scene.subscribed(channel);
      client.unsubscribe("left");
      client.unsubscribe("never there");
      scene.note("gone")(client.channel("left"), channel.subscribed);
      const again = client.subscribe("left");
      await scene.subscribed(again);
      scene.note("same")(again === channel);
      await scene.backend.pusher.trigger("left", "e", 1);
      await scene.settled(client);
    },
  },
  {
    name: "leaving before the subscription is confirmed, and taking that back",
    async act(scene) {
      const client = scene.client("ada");
      await scene.connected(client);
      const first = scene.listen(client.subscribe("early"));
      noteFlags(scene, client, "early");
      client.unsubscribe("early");
      noteFlags(scene, client, "early");
      await scene.settled(client);
      scene.note("gone")(client.channel("early"), first.subscribed);
      const second = scene.listen(client.subscribe("early"));
      client.unsubscribe("early");
      client.subscribe("early");
      await scene.subscribed(second);
      noteFlags(scene, client, "early");
    },
  },
  {
    name: "leaving just before the connection breaks",
    async act(scene) {
      const client = scene.client("ada");
      await scene.connected(client);
      client.subscribe("unwanted");
      client.unsubscribe("unwanted");
      client.disconnect();
      client.connect();
      await scene.connected(client);
      await scene.settled(client);
      noteFlags(scene, client, "unwanted");
    },
    differs: {
      because: "pusher-js joins a channel again that was left",
      ours: () => [["flags", {}]],
    },
  },
  {
    name: "an endpoint that says no",
    async act(scene) {
      const client = scene.client("ada", {
        channelAuthorization: { endpoint: `${scene.backend.url}/nowhere`, transport: "ajax" },
      });
      const channel = scene.listen(client.subscribe("private-no"), "pusher:subscription_error");
      await scene.until("private-no pusher:subscription_error");
      noteFlags(scene, client, channel.name);
    },
    differs: { because: "the rest of its text names documents of another product", ours: withoutAdvice },
  },
  {
    name: "a server that says no",
    async act(scene) {
      const client = scene.client("ada");
      scene.listen(client.subscribe(`private-${tampered}`));
      await scene.until("subscription_error");
    },
  },
  {
    name: "after a server's no, the channel can be tried again",
    async act(scene) {
      const client = scene.client("ada");
      const { name } = scene.listen(client.subscribe(`private-${tampered}`));
      await scene.until("subscription_error");
      scene.heard.length = 0;
      noteFlags(scene, client, name);
    },
    differs: {
      because: "pusher-js leaves the subscription pending for good",
      ours: () => [["flags", { subscribed: false, subscriptionPending: false, subscriptionCancelled: false }]],
    },
  },
  {
    name: "custom handlers and what they answer",
    async act(scene) {
      const asked = scene.note("asked");
      const client = scene.client("ada", {
        channelAuthorization: {
          transport: "ajax",
          endpoint: "",
          customHandler: (params, callback) => {
            asked(params);
            callback(new Error("not today"), null);
          },
        },
      });
      scene.listen(client.subscribe("private-h"), "pusher:subscription_error");
      await scene.until("private-h pusher:subscription_error");
    },
  },
  {
    name: "custom handlers that call back later, and happen to return something",
    async act(scene) {
      const client = scene.client("ada", {
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
      client.user.bind("pusher:signin_error", scene.note("signin_error"));
      scene.listen(client.subscribe("private-h"), "pusher:subscription_error");
      await scene.until("private-h pusher:subscription_error");
      client.signin();
      await scene.until("signin_error");
    },
  },
  {
    name: "the deprecated authorizer",
    async act(scene) {
      const { channelAuthorization: _, ...options } = scene.options("ada");
      const client = new scene.Pusher(credentials.key, {
        ...options,
        authEndpoint: "/mine",
        auth: { params: { p: 1 }, headers: { h: 2 } },
        authorizer: (channel, settings) => ({
          authorize(socketId, callback) {
            scene.note("authorize")(channel.name, settings, socketId);
            callback(new Error("no"), null);
          },
        }),
      });
      scene.listen(client.subscribe("private-d"), "pusher:subscription_error");
      await scene.until("private-d pusher:subscription_error");
      client.disconnect();
    },
  },
  {
    name: "cache channels begin with their last event, or without one",
    async act(scene) {
      const channel = `cache-${crypto.randomUUID()}`;
      const client = scene.client("ada");
      client.subscribe(channel).bind_global((event: string, data: unknown) => scene.note("cache")(event, data));
      await scene.until("cache_miss");
      await scene.backend.pusher.trigger(channel, "price", { p: 1 });
      await scene.until("price");
      const other = scene.client("bob");
      other.subscribe(channel).bind_global((event: string, data: unknown) => scene.note("later")(event, data));
      await scene.until('"later","price"');
    },
  },
  {
    name: "subscription counts",
    async act(scene) {
      const client = scene.client("ada");
      const channel = scene.listen(client.subscribe("counted"), "pusher:subscription_count");
      scene.note("before")(channel.subscriptionCount);
      await scene.until("counted pusher:subscription_count");
      scene.note("count")(channel.subscriptionCount);
    },
  },
];
