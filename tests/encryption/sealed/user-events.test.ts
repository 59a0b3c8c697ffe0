import { Sealcast as Client, whenSignedIn, type EventMetadata } from "@sealcast/client";
import { generateMasterKey } from "@sealcast/server-sdk";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { SeededRandom } from "../../fixtures/seeded-random.ts";
import { startTcpProxy } from "../../fixtures/tcp-proxy.ts";
import { startWireRecorder } from "../../fixtures/wire-recorder.ts";
import { attacks } from "./attacks.ts";
import { startMaliciousBroker } from "./malicious-broker.ts";
import { startSealedApp, type SealedApp } from "./sealed-app.ts";

const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 20 });

const [first, second] = [generateMasterKey(), generateMasterKey()];
let app: SealedApp;
beforeEach(async () => {
  app = await startSealedApp({ ring: [{ key: first }], userEvents: true });
});
afterEach(() => app.close());

/** A user who signs in, and what this user receives. */
interface SignedIn {
  readonly client: Client;
  readonly events: ({ readonly data: unknown } & EventMetadata)[];
  readonly errors: unknown[];
  /** Data of all events of the application that client-wide listeners receive. */
  readonly everywhere: unknown[];
  /** How often the client has subscribed to the events of the user. */
  readonly subscribed: { count: number };
}

async function signIn(id: string, url = app.server.url): Promise<SignedIn> {
  const client = new Client("app-key", {
    url,
    userAuthentication: {
      customHandler: async ({ socketId }) => {
        app.requests.count += 1;
        if (app.refused.has(id)) throw Object.assign(new Error("refused"), { status: 403 });
        return app.publisher.authenticateUser(socketId, { id });
      },
    },
  });
  onTestFinished(() => client.disconnect());
  const user: SignedIn = { client, events: [], errors: [], everywhere: [], subscribed: { count: 0 } };
  for (const event of ["e", "client-e", "renamed"]) {
    client.user.bind(event, (data: unknown, metadata?: EventMetadata) => user.events.push({ data, ...metadata }));
  }
  client.user.bind("pusher:decryption_error", (error) => user.errors.push(error));
  client.user.bind("pusher:signin_error", (error) => user.errors.push(error));
  client.bind_global((event, data) => {
    if (!event.startsWith("pusher:")) user.everywhere.push(data);
  });
  client.connection.bind("message", ({ event, channel }) => {
    if (event === "pusher_internal:subscription_succeeded" && channel?.startsWith("#")) user.subscribed.count += 1;
  });
  client.signin();
  await whenSignedIn(client);
  await eventually(() => expect(user.subscribed.count).toBe(1));
  return user;
}

describe("[SEAL13] events to a user whose backend seals them", () => {
  test("arrive with their metadata; the server sees envelopes only", async () => {
    const wire = await startWireRecorder(app.server.port);
    onTestFinished(() => wire.close());
    const ada = await signIn("ada", `http://127.0.0.1:${wire.port}`);
    await app.publisher.sendToUser("ada", "e", { salary: 5 });
    await app.publisher.sendToUser("ada", "e", Uint8Array.of(1, 2));
    await eventually(() => expect(ada.events).toHaveLength(2));
    expect(ada.events[0]).toMatchObject({ data: { salary: 5 }, seq: 1, gap: 0, verified: false });
    expect(ada.events[1]).toMatchObject({ data: Uint8Array.of(1, 2), seq: 2 });
    expect(ada.everywhere).toEqual([{ salary: 5 }, Uint8Array.of(1, 2)]);
    expect(ada.errors).toEqual([]);
    const recorded = wire.recorded().toString("latin1");
    expect(recorded).toMatch(/#server-to-user-ada.{1,80}sealed/);
    expect(recorded).not.toContain("salary");
    // The keys of the answer go no further than the client.
    expect(recorded).not.toContain("e2e");
  });

  test("are opened under a key that the client does not know yet, and after a reconnection", async () => {
    const proxy = await startTcpProxy(app.server.port);
    onTestFinished(() => proxy.close());
    const ada = await signIn("ada", `http://127.0.0.1:${proxy.port}`);
    await app.publisher.sendToUser("ada", "e", 1);
    app.publisher.replaceSealed({ ring: [{ key: first }, { key: second, from: Date.now() }], userEvents: true });
    await app.publisher.sendToUser("ada", "e", 2);
    await eventually(() => expect(ada.events.map(({ data }) => data)).toEqual([1, 2]));
    proxy.cut();
    await eventually(() => expect(ada.subscribed.count).toBe(2));
    await app.publisher.sendToUser("ada", "e", 3);
    await eventually(() => expect(ada.events.map(({ data, gap }) => [data, gap]).at(-1)).toEqual([3, 0]));
    expect(ada.errors).toEqual([]);
  });

  test("are not read any more by a user whom the endpoint refuses new keys", async () => {
    const ada = await signIn("ada");
    app.refused.add("ada");
    app.publisher.replaceSealed({ ring: [{ key: first }, { key: second, from: Date.now() }], userEvents: true });
    await app.publisher.sendToUser("ada", "e", 1);
    await eventually(() => expect(ada.errors).toMatchObject([{ type: "AuthError", status: 403 }]));
    expect(ada.events).toEqual([]);
  });

  test("plaintext is never delivered", async () => {
    const ada = await signIn("ada");
    const body = { name: "e", channels: ["#server-to-user-ada"], data: '"plaintext"' };
    await app.publisher.post({ path: "/events", body });
    await eventually(() => expect(ada.errors).toEqual([{ reason: "malformed", event: "e" }]));
    expect([ada.events, ada.everywhere]).toEqual([[], []]);
  });

  const random = new SeededRandom();
  test(`a malicious broker (seed ${random.seed}) delivers nothing that was not sent to this user, and nothing twice`, async () => {
    const broker = await startMaliciousBroker(app.server.port, attacks, random);
    onTestFinished(() => broker.close());
    const users = await Promise.all(["ada", "bob"].map((id) => signIn(id, broker.url)));
    for (let n = 1; n <= 150; n += 1) {
      await app.publisher.sendToUser("ada", "e", `ada ${n}`);
      await app.publisher.sendToUser("bob", "e", `bob ${n}`);
    }
    await eventually(() => expect(broker.used.size).toBeGreaterThan(10));
    await eventually(() => expect(users.every(({ events }) => events.length > 20)).toBe(true));
    for (const [index, { events, everywhere }] of users.entries()) {
      const texts = events.map(({ data }) => data);
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts.every((text) => String(text).startsWith(index === 0 ? "ada " : "bob "))).toBe(true);
      expect(everywhere).toEqual(texts);
    }
  });
});

test("without keys in the answer of the sign-in, events to a user arrive as they are", async () => {
  app.publisher.replaceSealed({ ring: [{ key: first }] });
  const ada = await signIn("ada");
  await app.publisher.sendToUser("ada", "e", { n: 1 });
  await eventually(() => expect(ada.events).toEqual([{ data: { n: 1 } }]));
});
