import { startServer, type TestServer } from "@sealcast/server-testing";
import Pusher from "pusher";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { credentials } from "../fixtures/credentials.ts";

let server: TestServer;
let backend: Pusher;
beforeAll(async () => {
  server = await startServer();
  backend = backendWith({});
});
afterAll(() => server.close());

function backendWith(options: Partial<Pusher.BaseOptions>): Pusher {
  return new Pusher({
    ...credentials,
    host: "127.0.0.1",
    port: String(server.port),
    useTLS: false,
    encryptionMasterKeyBase64: Buffer.alloc(32, 5).toString("base64"),
    ...options,
  });
}

async function jsonOf(response: ReturnType<Pusher["get"]>): Promise<unknown> {
  return (await response).json() as Promise<unknown>;
}

/** A client on a channel, with the official signature if it needs one. */
async function on(channel: string, userId?: string): Promise<RawClient> {
  const client = await RawClient.connect(server.port);
  const presence = userId === undefined ? undefined : { user_id: userId };
  const signed = /^p(rivate|resence)-/.test(channel);
  const auth = signed ? backend.authorizeChannel(client.socketId, channel, presence) : {};
  client.send({ event: "pusher:subscribe", data: { channel, ...auth } });
  await client.next("pusher_internal:subscription_succeeded", channel);
  await client.settled();
  return client;
}

describe("the official server library", () => {
  test("[HTTP1] triggers on one channel, on several, and without the sender", async () => {
    const [a, b] = [await on("lib-a"), await on("private-lib-b")];
    expect(await jsonOf(backend.trigger("lib-a", "one", { é: "😀" }))).toEqual({});
    expect(await a.next("one")).toEqual({ event: "one", channel: "lib-a", data: '{"é":"😀"}' });
    await backend.trigger(["lib-a", "private-lib-b"], "many", "text", { socket_id: a.socketId });
    expect((await b.next("many")).data).toBe("text");
    expect(await a.settled()).toEqual([]);
    await Promise.all([a.close(), b.close()]);
  });

  test("[HTTP1] [ENC1] triggers on encrypted channels, up to the largest text that fits", async () => {
    const client = await on("private-encrypted-lib");
    for (const text of ["", "hello", "x".repeat(7_591)]) {
      await backend.trigger("private-encrypted-lib", "secret", text);
      const { data } = await client.next("secret");
      expect(JSON.parse(String(data))).toEqual({
        nonce: expect.stringMatching(/^[A-Za-z0-9+/]{32}$/) as string,
        ciphertext: expect.any(String) as string,
      });
      expect(data).not.toContain("hello");
    }
    await client.close();
  });

  test("[HTTP2] [HTTP3] triggers batches and asks for counts on the way", async () => {
    const client = await on("presence-lib", "ada");
    const batch = [
      { channel: "presence-lib", name: "first", data: { n: 1 }, info: "user_count" },
      { channel: "presence-lib", name: "second", data: "2", socket_id: client.socketId },
    ];
    expect(await jsonOf(backend.triggerBatch(batch))).toEqual({ batch: [{ user_count: 1 }, {}] });
    expect((await client.next("first")).data).toBe('{"n":1}');
    expect(await client.settled()).toEqual([]);
    const info = { info: "user_count" };
    expect(await jsonOf(backend.trigger("presence-lib", "third", 3, info))).toEqual({
      channels: { "presence-lib": { user_count: 1 } },
    });
    await client.close();
  });

  test("[HTTP4] [HTTP5] [HTTP6] asks about channels and users", async () => {
    const clients = [await on("presence-asked", "ada"), await on("presence-asked", "bob"), await on("asked")];
    const params = { filter_by_prefix: "presence-as", info: "user_count" };
    expect(await jsonOf(backend.get({ path: "/channels", params }))).toEqual({
      channels: { "presence-asked": { user_count: 2 } },
    });
    expect(await jsonOf(backend.get({ path: "/channels/presence-asked", params: { info: "user_count" } }))).toEqual({
      occupied: true,
      user_count: 2,
    });
    expect(await jsonOf(backend.get({ path: "/channels/asked", params: { info: "subscription_count" } }))).toEqual({
      occupied: true,
      subscription_count: 1,
    });
    expect(await jsonOf(backend.get({ path: "/channels/presence-asked/users" }))).toEqual({
      users: [{ id: "ada" }, { id: "bob" }],
    });
    await Promise.all(clients.map((client) => client.close()));
  });

  test("[USER1] [USER4] [HTTP7] signs users in, sends to them and terminates them", async () => {
    const client = await RawClient.connect(server.port);
    client.send({ event: "pusher:signin", data: backend.authenticateUser(client.socketId, { id: "a=b@c,d;e" }) });
    await client.next("pusher:signin_success");
    await client.subscribe("#server-to-user-a=b@c,d;e");
    await backend.sendToUser("a=b@c,d;e", "notice", { n: 1 });
    expect((await client.next("notice")).data).toBe('{"n":1}');
    expect(await jsonOf(backend.terminateUserConnections("a=b@c,d;e"))).toEqual({});
    expect((await client.closed).code).toBe(4009);
  });

  test("[HTTP8] posts to the old endpoint", async () => {
    const client = await on("lib-old");
    const response = await backend.post({ path: "/channels/lib-old/events", body: "text", params: { name: "e" } });
    expect(response.status).toBe(202);
    // The library writes every body as JSON.
    expect((await client.next("e")).data).toBe('"text"');
    await client.close();
  });

  test.each<readonly [string, Partial<Pusher.BaseOptions>, number, string]>([
    ["[HTTP9] a wrong secret", { secret: "other" }, 401, "Invalid signature"],
    ["[HTTP9] a wrong key", { key: "other" }, 401, "Unknown auth_key"],
    ["[HTTP15] a wrong app", { appId: "9999" }, 404, "No app has this id"],
  ])("%s reaches the library's user as status and text", async (_, options, status, body) => {
    const failing = backendWith(options).trigger("a", "e", "1");
    await expect(failing).rejects.toMatchObject({ status, body: expect.stringContaining(body) as string });
  });

  test("[HTTP14] too much data reaches the library's user as 413", async () => {
    const failing = backend.trigger("a", "e", "x".repeat(10_241));
    await expect(failing).rejects.toMatchObject({
      status: 413,
      body: expect.stringContaining("exceeds the allowed maximum (10240 bytes)") as string,
    });
  });
});
