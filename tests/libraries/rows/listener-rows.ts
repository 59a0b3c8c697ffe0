import { attempt, type Row } from "./recorder.ts";

/** Rows about listeners and what they are called with. */
export const listenerRows: readonly Row[] = [
  {
    name: "data of every kind reaches channels with metadata, and clients without",
    async act(recorder) {
      const client = recorder.client("ada");
      const channel = client.subscribe("kinds");
      await recorder.subscribed(channel);
      channel.bind("e", recorder.record("channel"));
      client.bind("e", recorder.record("client"));
      client.bind_global(recorder.record("client global"));
      for (const data of [{ a: 1 }, [], "text", "", 0, 7, false, true, null]) {
        await recorder.backend.pusher.trigger("kinds", "e", data);
      }
      await recorder.backend.pusher.trigger("kinds", "last", "");
      await recorder.until("last");
    },
  },
  {
    name: "listeners run in order, global ones first, twice where bound twice, with their context",
    async act(recorder) {
      const client = recorder.client("ada");
      const channel = client.subscribe("order");
      await recorder.subscribed(channel);
      const twice = recorder.record("twice");
      const gone = recorder.record("gone");
      channel.bind("e", twice).bind("e", twice).bind("e", gone).unbind("e", gone);
      channel.bind(
        "e",
        function (this: { name: string }) {
          recorder.record("context")(this.name);
        },
        { name: "mine" },
      );
      channel.bind_global(recorder.record("global"));
      client.bind("e", recorder.record("client"));
      await recorder.backend.pusher.trigger("order", "e", 1);
      await recorder.until('"client"');
    },
  },
  {
    name: "names that every object has are ordinary names",
    async act(recorder) {
      const client = recorder.client("ada");
      await recorder.connected(client);
      attempt(recorder, "find", () => typeof client.channel("constructor"));
      attempt(recorder, "subscribe", () => client.subscribe("constructor").name);
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
    async act(recorder) {
      const client = recorder.client("ada");
      const channel = client.subscribe("thrown");
      await recorder.subscribed(channel);
      channel.bind("e", recorder.record("before"));
      channel.bind("e", () => {
        throw new Error("mine");
      });
      channel.bind("e", recorder.record("after"));
      channel.bind("f", recorder.record("other"));
      attempt(recorder, "emit", () => void channel.emit("e", 1));
      channel.emit("f", 1);
    },
  },
];
