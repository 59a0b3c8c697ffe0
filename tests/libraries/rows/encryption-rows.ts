import type { Row } from "./recorder.ts";

/** Rows about encrypted channels. */
export const encryptionRows: readonly Row[] = [
  {
    name: "encrypted events open",
    async act(recorder) {
      const client = recorder.client("ada");
      const channel = client.subscribe("private-encrypted-e");
      await recorder.subscribed(channel);
      channel.bind("e", recorder.record("e"));
      channel.bind_global(recorder.record("global"));
      for (const data of [{ a: "é" }, "text", 7])
        await recorder.backend.pusher.trigger("private-encrypted-e", "e", data);
      await recorder.until('["e",7');
    },
    differs: {
      because: "listeners always get metadata, as on other channels, which says when an event comes late",
      ours: (official) =>
        official.map((entry) => ((entry as unknown[])[0] === "e" ? [...(entry as unknown[]), {}] : entry)),
    },
  },
  {
    name: "empty values on encrypted channels",
    async act(recorder) {
      const client = recorder.client("ada");
      const channel = client.subscribe("private-encrypted-z");
      await recorder.subscribed(channel);
      channel.bind("e", (...values: unknown[]) => recorder.record("values")(values.length, values[0] ?? null));
      await recorder.backend.pusher.trigger("private-encrypted-z", "e", 0);
      await recorder.until("values");
    },
    differs: {
      because: "pusher-js calls listeners without the value",
      ours: () => [["values", 2, 0]],
    },
  },
  {
    name: "client-wide listeners of encrypted events",
    async act(recorder) {
      const client = recorder.client("ada");
      await recorder.subscribed(client.subscribe("private-encrypted-w"));
      client.bind("e", (data: object) => recorder.record("keys")(Object.keys(data)));
      await recorder.backend.pusher.trigger("private-encrypted-w", "e", { a: 1 });
      await recorder.until("keys");
    },
    differs: {
      because: "pusher-js hands them what the server sent, sealed or not",
      ours: () => [["keys", ["a"]]],
    },
  },
];
