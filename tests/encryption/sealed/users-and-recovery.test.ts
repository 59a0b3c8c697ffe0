import { recover } from "@sealcast/client/recover";
import { generateMasterKey } from "@sealcast/server-sdk";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { startTcpProxy } from "../../fixtures/tcp-proxy.ts";
import { startSealedApp, type SealedApp } from "./sealed-app.ts";

let app: SealedApp;
afterEach(() => app.close());

const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 20 });

test("[SEAL9] the server knows members only by pseudonyms, another one on each channel", async () => {
  app = await startSealedApp({ blindUserIds: true, nameKey: generateMasterKey() });
  const [room, other] = ["presence-sealed-room", "presence-sealed-other"];
  const subscriber = app.subscribe(room, "ada");
  await subscriber.subscribed();
  const users = await app.publisher.users(room);
  expect(users).toEqual([app.publisher.hiddenUserId(room, "ada")]);
  expect(users[0]).toMatch(/^[\w-]{22}$/);
  expect(app.publisher.hiddenUserId(other, "ada")).not.toBe(users[0]);
  const { members } = subscriber.channel as unknown as { members: { me: unknown } };
  expect(members.me).toEqual({ id: users[0], info: { name: "ADA" } });
  expect(subscriber.errors).toEqual([]);
});

describe("[SEAL7] events that a sealed channel keeps", () => {
  const kept = "private-sealed-kept-orders";

  test("are recovered after a cut, each once and in order, under a new key, too", async () => {
    const [first, second] = [generateMasterKey(), generateMasterKey()];
    app = await startSealedApp({ ring: [{ key: first }] });
    const proxy = await startTcpProxy(app.server.port);
    onTestFinished(() => proxy.close());
    const { client, channel, events, errors, subscribed } = app.subscribe(kept, "ada", {
      url: `http://127.0.0.1:${proxy.port}`,
    });
    onTestFinished(recover(client));
    const outcomes: unknown[] = [];
    channel.bind("pusher:recovered", (recovery) => outcomes.push(recovery));
    channel.bind("pusher:not_recovered", () => outcomes.push("not recovered"));
    await subscribed();
    const publish = (n: number): Promise<unknown> => app.publisher.trigger(kept, "e", n);
    await publish(1);
    await eventually(() => expect(events.map(({ data }) => data)).toEqual([1]));
    proxy.cut();
    await publish(2);
    app.publisher.replaceSealed({ ring: [{ key: first }, { key: second, from: Date.now() }] });
    await publish(3);
    await eventually(() => expect(outcomes).toEqual([{ events: 2 }]));
    await publish(4);
    await eventually(() => expect(events.map(({ data, gap }) => [data, gap])).toEqual([[1, 0], [2, 0], [3, 0], [4, 0]])); // prettier-ignore
    expect(errors).toEqual([]);
  });

  test("are opened by the publisher; the server has envelopes only", async () => {
    app = await startSealedApp({ hideEventNames: true });
    await app.publisher.trigger(kept, "salary-changed", { to: 5 });
    const { events } = await app.publisher.history(kept);
    expect(events).toMatchObject([{ name: "salary-changed", data: '{"to":5}', encryption: "opened" }]);
    const raw = await (await app.publisher.get({ path: `/channels/${kept}/events` })).text();
    expect(raw).toContain("sealed");
    expect(raw).not.toMatch(/salary|"to"/);
  });
});
