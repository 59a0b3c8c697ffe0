import type { ChannelAuthorizationHandler } from "pusher-js";
import type { Row } from "./recorder.ts";

/** Members that the types of `pusher-js` hide or leave out, and that wrappers and test suites use. */
interface Internals {
  readonly config: { channelAuthorizer: ChannelAuthorizationHandler };
  readonly connection: { readonly key: string; emit(event: string, data: unknown): void };
}

type Table = Record<string, { readonly fn: unknown; readonly context: unknown }[]>;

/** Rows about the inside of `pusher-js` that other code relies on. */
export const internalsRows: readonly Row[] = [
  {
    name: "an authorizer that is set after construction",
    async act(recorder) {
      const client = recorder.client("ada");
      const { config } = client as unknown as Internals;
      const asked = recorder.record("asked");
      config.channelAuthorizer = ({ socketId, channelName }, callback) => {
        asked(channelName);
        callback(null, recorder.backend.pusher.authorizeChannel(socketId, channelName));
      };
      await recorder.subscribed(client.subscribe("private-replaced"));
      recorder.record("subscribed")(client.channel("private-replaced").subscribed);
    },
  },
  {
    name: "a message that a test suite makes up",
    act(recorder) {
      const client = recorder.client("ada");
      const { connection } = client as unknown as Internals;
      recorder.listen(client.subscribe("news"), "created");
      client.bind("created", recorder.record("client"));
      connection.emit("message", { event: "created", channel: "news", data: { id: 1 } });
    },
  },
  {
    name: "the key of the connection",
    act(recorder) {
      const client = recorder.client("ada");
      const { connection } = client as unknown as Internals;
      recorder.record("key")(connection.key, client.key);
    },
  },
  {
    name: "the features of the client",
    act(recorder) {
      const library = recorder.Pusher as unknown as { getClientFeatures(): string[] };
      recorder.record("features")(library.getClientFeatures().includes("ws"));
    },
  },
  {
    name: "the tables of callbacks",
    act(recorder) {
      const channel = recorder.client("ada").subscribe("news");
      const context = { name: "context" };
      channel.bind("created", () => {}, context).bind("created", () => {});
      const table = (): Table => Object.fromEntries(Object.entries(channel.callbacks))["_callbacks"] as Table;
      const bindings = table()["_created"] ?? [];
      recorder.record("bindings")(
        bindings.map(({ fn, context: bound }) => [typeof fn, bound ?? "none"]),
        Object.keys(table()),
      );
      channel.unbind("created");
      recorder.record("unbound")(Object.keys(table()), channel.global_callbacks.length);
    },
  },
  {
    name: "instances",
    act(recorder) {
      const before = recorder.Pusher.instances.length;
      const client = recorder.client("ada");
      recorder.record("instances")(
        recorder.Pusher.instances.length - before,
        recorder.Pusher.instances.includes(client),
      );
    },
  },
];
