import { credentials } from "../../fixtures/credentials.ts";
import { attempt, recordFlags, type Row } from "./recorder.ts";

/** Rows about connecting, and about the class itself. */
export const connectionRows: readonly Row[] = [
  {
    name: "connecting tells each state",
    async act(recorder) {
      const client = recorder.client("ada");
      recorder.record("state")(client.connection.state);
      recorder.listenToConnection(client);
      await recorder.connected(client);
      recorder.record("state")(
        client.connection.state,
        client.connection.isUsingTLS(),
        client.shouldUseTLS(),
        client.key,
      );
    },
  },
  {
    name: "disconnecting and connecting again keeps channels and bindings",
    async act(recorder) {
      const client = recorder.client("ada");
      const channel = recorder.listen(client.subscribe("kept"), "news");
      await recorder.subscribed(channel);
      recorder.listenToConnection(client);
      client.disconnect();
      recordFlags(recorder, client, "kept");
      recorder.record("sent")(client.send_event("pusher:ping", {}), channel.trigger("client-x", 1));
      client.connect();
      client.connect();
      await recorder.subscribed(channel);
      recordFlags(recorder, client, "kept");
      await recorder.backend.pusher.trigger("kept", "news", 1);
      await recorder.until("kept news");
    },
  },
  {
    name: "an unknown app key ends the connection permanently",
    async act(recorder) {
      const client = new recorder.Pusher("unknown", recorder.options("ada"));
      recorder.listenToConnection(client);
      await recorder.until("disconnected");
      client.disconnect();
    },
  },
  {
    name: "a broken network leads to a new connection",
    async act(recorder) {
      const client = recorder.client("ada");
      const channel = client.subscribe("back");
      await recorder.subscribed(channel);
      recorder.listen(channel);
      recorder.listenToConnection(client);
      recorder.proxy.cut();
      await recorder.until("connection connected");
      await recorder.until("subscription_succeeded");
    },
  },
  {
    name: "a missing required argument throws an error with a text",
    act(recorder) {
      const construct = (...values: unknown[]): unknown => Reflect.construct(recorder.Pusher, values) as unknown;
      attempt(recorder, "no key", () => construct(null, { cluster: "x" }));
      attempt(recorder, "no options", () => construct("key"));
      attempt(recorder, "no cluster", () => construct("key", { wsHost: "x" }));
      attempt(recorder, "bad transport", () =>
        construct("key", { cluster: "x", channelAuthorization: { transport: "pigeon" } }),
      );
      attempt(recorder, "bad deprecated transport", () => construct("key", { cluster: "x", authTransport: "pigeon" }));
      attempt(recorder, "bad transport for users", () =>
        construct("key", { cluster: "x", userAuthentication: { transport: "pigeon" } }),
      );
      attempt(recorder, "jsonp outside of pages", () => construct("key", { cluster: "x", authTransport: "jsonp" }));
      const client = recorder.client("ada");
      attempt(recorder, "a name with #", () => client.subscribe("#server-to-user-ada"));
    },
  },
  {
    name: "no transport at all",
    act(recorder) {
      const client = recorder.client("ada", { enabledTransports: ["wss"], forceTLS: true });
      recorder.record("state")(client.connection.state);
    },
  },
  {
    name: "logging",
    async act(recorder) {
      recorder.Pusher.log = (text: string) => {
        if (/State changed|No callbacks|disconnected/.test(text))
          recorder.record("log")(text.replace(/\d+\.\d+/, "SOCKET"));
      };
      try {
        const client = recorder.client("ada");
        const channel = client.subscribe("logged");
        await recorder.subscribed(channel);
        await recorder.backend.pusher.trigger("logged", "unheard", 1);
        await recorder.settled(client);
        client.disconnect();
      } finally {
        Object.assign(recorder.Pusher, { log: undefined });
      }
    },
  },
  {
    name: "logging of messages",
    async act(recorder) {
      recorder.Pusher.log = (text: string) => {
        if (/Event (sent|recd)/.test(text) && text.includes("shown")) recorder.record("log")(text.includes("hidden"));
      };
      try {
        const client = recorder.client("ada");
        const channel = client.subscribe("shown");
        await recorder.subscribed(channel);
        recorder.events.length = 0;
        await recorder.backend.pusher.trigger("shown", "e", "hidden");
        await recorder.until("log");
      } finally {
        Object.assign(recorder.Pusher, { log: undefined });
      }
    },
    differs: { because: "data and signatures are not for logs", ours: () => [["log", false]] },
  },
  {
    name: "instances and static members",
    act(recorder) {
      const before = recorder.Pusher.instances.length;
      const client = recorder.client("ada");
      recorder.record("static")(recorder.Pusher.instances.length - before, recorder.Pusher.instances.at(-1) === client);
      recorder.record("static")(
        recorder.Pusher.isReady,
        recorder.Pusher.logToConsole,
        typeof recorder.Pusher.ready,
        typeof recorder.Pusher.Runtime,
      );
      recorder.record("instance")(
        typeof client.sessionID,
        client.config.wsHost,
        client.config.activityTimeout,
        client.options.cluster,
      );
    },
  },
  {
    name: "moving to another cluster keeps channels",
    async act(recorder) {
      const client = recorder.client("ada");
      const channel = client.subscribe("moved");
      await recorder.subscribed(channel);
      recorder.listen(channel);
      recorder.listenToConnection(client);
      client.switchCluster({ appKey: credentials.key, cluster: "other" });
      await recorder.until("subscription_succeeded");
      recorder.record("options")(client.key, client.options.cluster);
    },
  },
  {
    name: "moving to another cluster connects a client that is disconnected",
    async act(recorder) {
      const client = recorder.client("ada");
      await recorder.connected(client);
      client.disconnect();
      recorder.listenToConnection(client);
      client.switchCluster({ appKey: credentials.key, cluster: "other" });
      await recorder.until("connection connected");
    },
  },
  {
    name: "a client event before the subscription is logged, and sent",
    async act(recorder) {
      recorder.Pusher.log = (text: string) => {
        if (text.includes("Client event")) recorder.record("log")(text.replace(/ \. See: [^"]*/, ""));
      };
      try {
        const client = recorder.client("ada");
        await recorder.connected(client);
        const channel = client.channel("private-early") ?? client.subscribe("private-early");
        recorder.record("sent")(channel.trigger("client-x", 1));
      } finally {
        Object.assign(recorder.Pusher, { log: undefined });
      }
    },
  },
  {
    name: "the emitter behind client-wide listeners",
    act(recorder) {
      const client = recorder.client("ada");
      client.bind("e", recorder.record("e"));
      client.global_emitter.emit("e", 1);
      client.global_emitter.unbind("e");
      client.global_emitter.emit("e", 2);
    },
  },
];
