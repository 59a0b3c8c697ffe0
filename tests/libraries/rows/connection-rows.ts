import { credentials } from "../../fixtures/credentials.ts";
import { attempt, noteFlags, type Row } from "./scene.ts";

/** Rows about connecting, and about the class itself. */
export const connectionRows: readonly Row[] = [
  {
    name: "connecting tells each state",
    async act(scene) {
      const client = scene.client("ada");
      scene.note("state")(client.connection.state);
      scene.listenToConnection(client);
      await scene.connected(client);
      scene.note("state")(client.connection.state, client.connection.isUsingTLS(), client.shouldUseTLS(), client.key);
    },
  },
  {
    name: "disconnecting and connecting again keeps channels and bindings",
    async act(scene) {
      const client = scene.client("ada");
      const channel = scene.listen(client.subscribe("kept"), "news");
      await scene.subscribed(channel);
      scene.listenToConnection(client);
      client.disconnect();
      noteFlags(scene, client, "kept");
      scene.note("sent")(client.send_event("pusher:ping", {}), channel.trigger("client-x", 1));
      client.connect();
      client.connect();
      await scene.subscribed(channel);
      noteFlags(scene, client, "kept");
      await scene.backend.pusher.trigger("kept", "news", 1);
      await scene.until("kept news");
    },
  },
  {
    name: "an unknown app key ends for good",
    async act(scene) {
      const client = new scene.Pusher("unknown", scene.options("ada"));
      scene.listenToConnection(client);
      await scene.until("disconnected");
      client.disconnect();
    },
  },
  {
    name: "a broken network leads to a new connection",
    async act(scene) {
      const client = scene.client("ada");
      const channel = client.subscribe("back");
      await scene.subscribed(channel);
      scene.listen(channel);
      scene.listenToConnection(client);
      scene.proxy.cut();
      await scene.until("connection connected");
      await scene.until("subscription_succeeded");
    },
  },
  {
    name: "what must not be missing is told as a text",
    act(scene) {
      const construct = (...values: unknown[]): unknown => Reflect.construct(scene.Pusher, values) as unknown;
      attempt(scene, "no key", () => construct(null, { cluster: "x" }));
      attempt(scene, "no options", () => construct("key"));
      attempt(scene, "no cluster", () => construct("key", { wsHost: "x" }));
      attempt(scene, "bad transport", () =>
        construct("key", { cluster: "x", channelAuthorization: { transport: "pigeon" } }),
      );
      attempt(scene, "bad deprecated transport", () => construct("key", { cluster: "x", authTransport: "pigeon" }));
      attempt(scene, "bad transport for users", () =>
        construct("key", { cluster: "x", userAuthentication: { transport: "pigeon" } }),
      );
      attempt(scene, "jsonp outside of pages", () => construct("key", { cluster: "x", authTransport: "jsonp" }));
      const client = scene.client("ada");
      attempt(scene, "a name with #", () => client.subscribe("#server-to-user-ada"));
    },
  },
  {
    name: "no transport at all",
    act(scene) {
      const client = scene.client("ada", { enabledTransports: ["wss"], forceTLS: true });
      scene.note("state")(client.connection.state);
    },
  },
  {
    name: "logging",
    async act(scene) {
      scene.Pusher.log = (text: string) => {
        if (/State changed|No callbacks|disconnected/.test(text)) scene.note("log")(text.replace(/\d+\.\d+/, "SOCKET"));
      };
      try {
        const client = scene.client("ada");
        const channel = client.subscribe("logged");
        await scene.subscribed(channel);
        await scene.backend.pusher.trigger("logged", "unheard", 1);
        await scene.settled(client);
        client.disconnect();
      } finally {
        Object.assign(scene.Pusher, { log: undefined });
      }
    },
  },
  {
    name: "logging of messages",
    async act(scene) {
      scene.Pusher.log = (text: string) => {
        if (/Event (sent|recd)/.test(text) && text.includes("shown")) scene.note("log")(text.includes("hidden"));
      };
      try {
        const client = scene.client("ada");
        const channel = client.subscribe("shown");
        await scene.subscribed(channel);
        scene.heard.length = 0;
        await scene.backend.pusher.trigger("shown", "e", "hidden");
        await scene.until("log");
      } finally {
        Object.assign(scene.Pusher, { log: undefined });
      }
    },
    differs: { because: "data and signatures are not for logs", ours: () => [["log", false]] },
  },
  {
    name: "instances and static members",
    act(scene) {
      const before = scene.Pusher.instances.length;
      const client = scene.client("ada");
      scene.note("static")(scene.Pusher.instances.length - before, scene.Pusher.instances.at(-1) === client);
      scene.note("static")(
        scene.Pusher.isReady,
        scene.Pusher.logToConsole,
        typeof scene.Pusher.ready,
        typeof scene.Pusher.Runtime,
      );
      scene.note("instance")(
        typeof client.sessionID,
        client.config.wsHost,
        client.config.activityTimeout,
        client.options.cluster,
      );
    },
  },
  {
    name: "moving to another cluster keeps channels",
    async act(scene) {
      const client = scene.client("ada");
      const channel = client.subscribe("moved");
      await scene.subscribed(channel);
      scene.listen(channel);
      scene.listenToConnection(client);
      client.switchCluster({ appKey: credentials.key, cluster: "other" });
      await scene.until("subscription_succeeded");
      scene.note("options")(client.key, client.options.cluster);
    },
  },
  {
    name: "moving to another cluster connects a client that is disconnected",
    async act(scene) {
      const client = scene.client("ada");
      await scene.connected(client);
      client.disconnect();
      scene.listenToConnection(client);
      client.switchCluster({ appKey: credentials.key, cluster: "other" });
      await scene.until("connection connected");
    },
  },
  {
    name: "a client event before the subscription is logged, and sent",
    async act(scene) {
      scene.Pusher.log = (text: string) => {
        if (text.includes("Client event")) scene.note("log")(text.replace(/ \. See: [^"]*/, ""));
      };
      try {
        const client = scene.client("ada");
        await scene.connected(client);
        const channel = client.channel("private-early") ?? client.subscribe("private-early");
        scene.note("sent")(channel.trigger("client-x", 1));
      } finally {
        Object.assign(scene.Pusher, { log: undefined });
      }
    },
  },
  {
    name: "the emitter behind client-wide listeners",
    act(scene) {
      const client = scene.client("ada");
      client.bind("e", scene.note("e"));
      client.global_emitter.emit("e", 1);
      client.global_emitter.unbind("e");
      client.global_emitter.emit("e", 2);
    },
  },
];
