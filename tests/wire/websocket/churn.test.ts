import { startServer, testApp } from "@sealcast/server-testing";
import { expect, onTestFinished, test } from "vitest";
import { callApi } from "../../fixtures/api-request.ts";
import { dataOf, RawClient } from "../../fixtures/raw-client.ts";
import { SeededRandom } from "../../fixtures/seeded-random.ts";

const channel = "presence-churn";
const users = ["ada", "bob", "7", "__proto__", "constructor", "é-ve"];
const steps = 1_000;
/** Most connections at a time. */
const maxTabs = 12;

interface Tab {
  readonly client: RawClient;
  readonly userId: string;
  readonly info: number;
  joined: boolean;
}

interface Snapshot {
  readonly presence: { readonly ids: string[]; readonly hash: object; readonly count: number };
}

/** What one step of the run is to make others hear. */
type News = readonly ["added" | "removed", string];

/** The plain model: the tabs that are on the channel, in the order in which they came. */
class Model {
  readonly #tabs: Tab[] = [];

  get tabs(): readonly Tab[] {
    return this.#tabs;
  }

  users(): string[] {
    return [...new Set(this.#tabs.map(({ userId }) => userId))];
  }

  join(tab: Tab): News | undefined {
    const isNew = !this.users().includes(tab.userId);
    this.#tabs.push(tab);
    return isNew ? ["added", tab.userId] : undefined;
  }

  leave(tab: Tab): News | undefined {
    this.#tabs.splice(this.#tabs.indexOf(tab), 1);
    return this.users().includes(tab.userId) ? undefined : ["removed", tab.userId];
  }

  snapshot(): ReadonlyMap<string, unknown> {
    return new Map(this.users().map((id) => [id, { tab: this.#tabs.find(({ userId }) => userId === id)?.info }]));
  }
}

test("[PRES1] [PRES2] [PRES3] [PRES4] [PRES5] a thousand random joins, leaves, tabs and drops agree with a plain model", async () => {
  const random = new SeededRandom();
  console.log(`presence churn: SEED=${random.seed}`);
  const server = await startServer({ apps: [testApp()] });
  onTestFinished(() => server.close());
  const model = new Model();
  const watcher: Tab = { client: await RawClient.connect(server.port), userId: "watcher", info: 0, joined: true };
  await watcher.client.join(channel, "watcher", { tab: 0 });
  model.join(watcher);
  const tabs: Tab[] = [];

  const join = async (tab: Tab): Promise<News | undefined> => {
    const news = model.join(tab);
    const answer = (await tab.client.join(channel, tab.userId, { tab: tab.info })) as Snapshot;
    tab.joined = true;
    expect(new Map(Object.entries(answer.presence.hash))).toEqual(model.snapshot());
    expect(new Set(answer.presence.ids)).toEqual(new Set(model.users()));
    expect(answer.presence.count).toBe(model.users().length);
    return news;
  };
  const open = async (info: number): Promise<News | undefined> => {
    const tab: Tab = { client: await RawClient.connect(server.port), userId: random.pick(users), info, joined: false };
    tabs.push(tab);
    return join(tab);
  };
  const unsubscribe = async (tab: Tab): Promise<News | undefined> => {
    tab.client.unsubscribe(channel);
    await tab.client.settled();
    tab.joined = false;
    return model.leave(tab);
  };
  const end = async (tab: Tab, how: "close" | "drop"): Promise<News | undefined> => {
    tabs.splice(tabs.indexOf(tab), 1);
    await tab.client[how]();
    await tab.client.closed;
    return tab.joined ? model.leave(tab) : undefined;
  };
  const act = (step: number): Promise<News | undefined> => {
    if (tabs.length === 0 || (tabs.length < maxTabs && random.below(10) < 4)) return open(step);
    const tab = random.pick(tabs);
    if (random.below(10) < 4) return end(tab, random.pick(["close", "drop"]));
    return tab.joined ? unsubscribe(tab) : join(tab);
  };
  /** Waits until the server has seen a connection end: a socket that is gone says so in its own time. */
  const subscriptions = async (): Promise<unknown> => {
    const path = `/channels/${channel}/stats`;
    return JSON.parse((await callApi(server.port, { method: "GET", path })).body) as unknown;
  };

  for (let step = 1; step <= steps; step += 1) {
    const news = await act(step);
    await expect
      .poll(subscriptions, { interval: 1 })
      .toEqual({ occupied: true, user_count: model.users().length, connection_count: model.tabs.length });
    const received = (await watcher.client.settled()).map((frame) => [
      frame.event.replace("pusher_internal:member_", ""),
      (dataOf(frame) as { user_id: string }).user_id,
    ]);
    expect(received, `step ${step}`).toEqual(news === undefined ? [] : [news]);
  }
  for (const { client } of tabs) client.drop();
});
