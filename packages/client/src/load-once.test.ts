import { expect, test, vi } from "vitest";
import { Client } from "./client.ts";
import { FakeServer } from "./fake-server/index.ts";
import { loadOnce } from "./load-once.ts";
import { whenConnected, whenSubscribed } from "./when.ts";

test("a part is loaded once, at the first call", async () => {
  const load = vi.fn<() => Promise<string>>(async () => "part");
  const part = loadOnce("cipher", load);
  expect(load).not.toHaveBeenCalled();
  expect([await part(), await part()]).toEqual(["part", "part"]);
  expect(load).toHaveBeenCalledTimes(1);
});

test("a part that cannot be loaded is an error with its cause, and is loaded again at the next call", async () => {
  const cause = new TypeError("Failed to fetch dynamically imported module");
  const load = vi.fn<() => Promise<string>>(async () => "part").mockRejectedValueOnce(cause);
  const part = loadOnce("cipher", load);
  const message = "Cannot load the cipher: Failed to fetch dynamically imported module";
  await expect(part()).rejects.toMatchObject({ name: "SealcastError", code: "unreachable", message, cause });
  expect(await part()).toBe("part");
});

class TestClient extends Client {
  subscribe(name: string): ReturnType<Client["join"]> {
    return this.join(name);
  }
}

test("a page that cannot load the authorization gets a subscription error, and can subscribe again", async () => {
  let fails = true;
  const { channelAuthorization, ...options } = new FakeServer().options();
  const client = new TestClient("key", { ...options, wsHost: "server", channelAuthorization }, async () => {
    if (fails) throw new Error("offline");
    return {
      authorizeChannel: async () => ({ auth: "fake:signature", secrets: [] }),
      authenticateUser: async () => ({ auth: undefined, user_data: undefined }),
    };
  });
  const errors: unknown[] = [];
  const channel = client.subscribe("private-a");
  channel.bind("pusher:subscription_error", (error) => errors.push(error));
  client.connect();
  await whenConnected(client);
  await expect(whenSubscribed(channel)).rejects.toMatchObject({ code: "unreachable" });
  expect(errors).toEqual([{ type: "AuthError", error: "Cannot load the authorization: offline" }]);
  fails = false;
  expect(await whenSubscribed(client.subscribe("private-a"))).toBe(channel);
  client.disconnect();
});
