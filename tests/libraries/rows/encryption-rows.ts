import type { Row } from "./scene.ts";

/** Rows about encrypted channels. */
export const encryptionRows: readonly Row[] = [
  {
    name: "encrypted events open",
    async act(scene) {
      const client = scene.client("ada");
      const channel = client.subscribe("private-encrypted-e");
      await scene.subscribed(channel);
      channel.bind("e", scene.note("e"));
      channel.bind_global(scene.note("global"));
      for (const data of [{ a: "é" }, "text", 7]) await scene.backend.pusher.trigger("private-encrypted-e", "e", data);
      await scene.until('["e",7');
    },
    differs: {
      because: "listeners always get metadata, as on other channels, which says when an event comes late",
      ours: (official) =>
        official.map((entry) => ((entry as unknown[])[0] === "e" ? [...(entry as unknown[]), {}] : entry)),
    },
  },
  {
    name: "empty values on encrypted channels",
    async act(scene) {
      const client = scene.client("ada");
      const channel = client.subscribe("private-encrypted-z");
      await scene.subscribed(channel);
      channel.bind("e", (...values: unknown[]) => scene.note("values")(values.length, values[0] ?? null));
      await scene.backend.pusher.trigger("private-encrypted-z", "e", 0);
      await scene.until("values");
    },
    differs: {
      because: "pusher-js calls listeners without the value",
      ours: () => [["values", 2, 0]],
    },
  },
  {
    name: "client-wide listeners of encrypted events",
    async act(scene) {
      const client = scene.client("ada");
      await scene.subscribed(client.subscribe("private-encrypted-w"));
      client.bind("e", (data: object) => scene.note("keys")(Object.keys(data)));
      await scene.backend.pusher.trigger("private-encrypted-w", "e", { a: 1 });
      await scene.until("keys");
    },
    differs: {
      because: "pusher-js hands them what the server sent, sealed or not",
      ours: () => [["keys", ["a"]]],
    },
  },
];
