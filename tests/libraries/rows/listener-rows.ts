import { attempt, type Row } from "./scene.ts";

/** Rows about listeners and what they are called with. */
export const listenerRows: readonly Row[] = [
  {
    name: "data of every kind reaches channels with metadata, and clients without",
    async act(scene) {
      const client = scene.client("ada");
      const channel = client.subscribe("kinds");
      await scene.subscribed(channel);
      channel.bind("e", scene.note("channel"));
      client.bind("e", scene.note("client"));
      client.bind_global(scene.note("client global"));
      for (const data of [{ a: 1 }, [], "text", "", 0, 7, false, true, null]) {
        await scene.backend.pusher.trigger("kinds", "e", data);
      }
      await scene.backend.pusher.trigger("kinds", "last", "");
      await scene.until("last");
    },
  },
  {
    name: "listeners run in order, global ones first, twice where bound twice, with their context",
    async act(scene) {
      const client = scene.client("ada");
      const channel = client.subscribe("order");
      await scene.subscribed(channel);
      const twice = scene.note("twice");
      const gone = scene.note("gone");
      channel.bind("e", twice).bind("e", twice).bind("e", gone).unbind("e", gone);
      channel.bind(
        "e",
        function (this: { name: string }) {
          scene.note("context")(this.name);
        },
        { name: "mine" },
      );
      channel.bind_global(scene.note("global"));
      client.bind("e", scene.note("client"));
      await scene.backend.pusher.trigger("order", "e", 1);
      await scene.until('"client"');
    },
  },
  {
    name: "names that every object has are ordinary names",
    async act(scene) {
      const client = scene.client("ada");
      await scene.connected(client);
      attempt(scene, "find", () => typeof client.channel("constructor"));
      attempt(scene, "subscribe", () => client.subscribe("constructor").name);
    },
    differs: {
      because: "pusher-js finds a function where it looks for a channel of that name",
      ours: () => [
        ["find", "undefined"],
        ["subscribe", "constructor"],
      ],
    },
  },
  {
    name: "a listener that throws keeps only the later ones of that event from hearing it",
    async act(scene) {
      const client = scene.client("ada");
      const channel = client.subscribe("thrown");
      await scene.subscribed(channel);
      channel.bind("e", scene.note("before"));
      channel.bind("e", () => {
        throw new Error("mine");
      });
      channel.bind("e", scene.note("after"));
      channel.bind("f", scene.note("other"));
      attempt(scene, "emit", () => void channel.emit("e", 1));
      channel.emit("f", 1);
    },
  },
];
