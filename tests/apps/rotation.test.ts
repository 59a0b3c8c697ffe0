import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, type TestServer } from "@sealcast/server-testing";
import { describeWithSqlServers, type SqlServer } from "@sealcast/server-testing/sql-servers";
import Pusher from "pusher";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { AdminClient, adminToken } from "./admin-client.ts";

interface Credentials {
  readonly key: string;
  readonly secret: string;
}

/** Publishes and subscribes again and again, with the credentials of the moment, and fails with the first refusal. */
class Traffic {
  readonly #port: number;
  readonly #app: string;
  readonly #end = new AbortController();
  readonly #running: readonly Promise<void>[];
  /** What backends publish with. */
  publisher: Credentials;
  /** What clients connect with, and what auth endpoints sign with. */
  signer: Credentials;
  #published = 0;
  #subscribed = 0;

  constructor(port: number, app: string, credentials: Credentials) {
    this.#port = port;
    this.#app = app;
    this.publisher = this.signer = credentials;
    this.#running = [this.#publish(), this.#subscribe()];
  }

  /** Resolves when three more publishes and three more subscriptions have succeeded; rejects if one was refused. */
  async progress(): Promise<void> {
    const [published, subscribed] = [this.#published, this.#subscribed];
    const grown = async (): Promise<void> => {
      while (this.#published < published + 3 || this.#subscribed < subscribed + 3) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await Promise.race([grown(), Promise.all(this.#running)]);
  }

  async end(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#running);
  }

  library({ key, secret }: Credentials): Pusher {
    return new Pusher({ appId: this.#app, key, secret, host: "127.0.0.1", port: String(this.#port) });
  }

  async #publish(): Promise<void> {
    while (!this.#end.signal.aborted) {
      await this.library(this.publisher).trigger("news", "tick", { number: this.#published });
      this.#published += 1;
    }
  }

  async #subscribe(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const { key } = this.signer;
      const client = await RawClient.connect(this.#port, { path: `/app/${key}?protocol=7` });
      const channel = `private-${this.#subscribed}`;
      const { auth } = this.library(this.signer).authorizeChannel(client.socketId, channel);
      client.send({ event: "pusher:subscribe", data: { channel, auth } });
      await client.next("pusher_internal:subscription_succeeded", channel);
      client.drop();
      this.#subscribed += 1;
    }
  }
}

/** Starts a server with apps in a database. */
async function start(appDatabase: string): Promise<{ server: TestServer; admin: AdminClient }> {
  const appSecretKeys = Buffer.alloc(32, 7).toString("base64");
  const server = await startServer({ apps: [], settings: { appDatabase, appSecretKeys, adminToken } });
  onTestFinished(() => server.close());
  return { server, admin: new AdminClient(server.url) };
}

/** Replaces the secret of an app under traffic. `between` runs while both secrets are live. */
async function rotate(
  appDatabase: string,
  between?: (admin: AdminClient, traffic: Traffic) => Promise<void>,
): Promise<void> {
  const { server, admin } = await start(appDatabase);
  const old = await admin.call<Credentials>("POST", "/admin/apps", { id: "2001" });
  const staying = await RawClient.connect(server.port, { path: `/app/${old.key}?protocol=7` });
  await staying.subscribe("news");
  const traffic = new Traffic(server.port, "2001", old);
  await traffic.progress();
  const fresh = await admin.call<Credentials>("POST", "/admin/apps/2001/keys");
  await traffic.progress();
  traffic.publisher = fresh;
  await traffic.progress();
  traffic.signer = fresh;
  await traffic.progress();
  await between?.(admin, traffic);
  await admin.call("DELETE", `/admin/apps/2001/keys/${old.key}`);
  await traffic.progress();
  await traffic.end();
  const shown = await admin.call<{ keys: { key: string; retiredMs: number | null }[] }>("GET", "/admin/apps/2001");
  expect(shown.keys.map(({ key, retiredMs }) => [key, retiredMs === null])).toEqual([
    [old.key, false],
    [fresh.key, true],
  ]);
  await expect(traffic.library(old).trigger("news", "tick", {})).rejects.toMatchObject({ status: 401 });
  await traffic.library(fresh).trigger("news", "last", {});
  // The connection of the retired key is still open and has everything.
  await staying.next("last");
  staying.drop();
}

describe("with SQLite", () => {
  test("a rotation of secrets under live traffic loses no publish and no subscription, and drops nobody", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sealcast-rotation-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await expect(rotate(`sqlite:${join(folder, "apps.db")}`)).resolves.toBeUndefined();
  }, 60_000);
});

describeWithSqlServers((_, startDatabase) => {
  let database: SqlServer;
  beforeAll(async () => {
    database = await startDatabase();
  }, 60_000);
  afterAll(() => database.stop());

  test("a rotation of secrets under live traffic loses nothing and drops nobody, also while the database is away", async () => {
    await rotate(database.url, async (admin, traffic) => {
      await database.kill();
      await traffic.progress();
      expect((await admin.ask("POST", "/admin/apps/2001/keys")).status).toBe(503);
      await traffic.progress();
      await database.restart();
      await expect
        .poll(() => admin.ask("GET", "/admin/apps/2001").then(({ status }) => status), { timeout: 15_000 })
        .toBe(200);
      await traffic.progress();
    });
  }, 60_000);
});
