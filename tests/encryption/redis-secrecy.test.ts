import { startServer, testApp } from "@sealcast/server-testing";
import { describeWithRedis, startRedis } from "@sealcast/server-testing/redis";
import { Sealcast } from "@sealcast/server-sdk";
import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { credentials } from "../fixtures/credentials.ts";
import { formsFoundIn } from "../fixtures/forms-found-in.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { startWireRecorder } from "../fixtures/wire-recorder.ts";

const masterKey = randomBytes(32).toString("base64");
const secretWords = "brimstone butterfly over the weir";
const openWords = "cabbage white over the meadow";

describeWithRedis("[ENC3] Redis", () => {
  test("gets no plaintext of encrypted channels, and keeps their events so that a backend can open them", async () => {
    const redis = await startRedis();
    const wire = await startWireRecorder(redis.port);
    const app = testApp({ history: [{ prefix: "", size: 10, ttlSeconds: 60 }] });
    const settings = { engine: "redis", engineUrl: `redis://127.0.0.1:${wire.port}` } as const;
    const servers = [
      await startServer({ apps: [app], settings }),
      await startServer({ apps: [app], settings }),
    ] as const;
    onTestFinished(async () => {
      for (const server of servers) await server.close();
      await wire.close();
      await redis.stop();
    });
    const [first, second] = servers.map(
      ({ port }) =>
        new Sealcast({
          ...credentials,
          host: "127.0.0.1",
          port,
          useTLS: false,
          encryptionMasterKeyBase64: masterKey,
        }),
    );
    if (first === undefined || second === undefined) throw new Error("Two servers are needed");
    const client = await RawClient.connect(servers[1].port);
    await client.subscribe("news");

    const channels = ["private-encrypted-orders", "private-encrypted-cache-orders"];
    await first.trigger(channels, "paid", { words: secretWords });
    const opened = { name: "paid", data: JSON.stringify({ words: secretWords }), encryption: "opened" };
    for (const channel of channels) expect((await second.history(channel)).events).toMatchObject([opened]);

    await second.trigger("news", "paid", openWords, { idempotencyKey: "order-1" });
    await first.trigger("news", "paid", openWords, { idempotencyKey: "order-1" });
    expect((await second.history("news")).events.map(({ data }) => data)).toEqual([openWords]);
    // What is looked for would be found.
    expect(formsFoundIn(wire.recorded(), openWords)).toEqual(["as it is"]);
    expect(formsFoundIn(wire.recorded(), secretWords)).toEqual([]);
    client.drop();
  });
});
