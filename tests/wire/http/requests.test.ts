import { FakeClock, hmac, startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, publish, send, type ApiRequest } from "../../fixtures/api-request.ts";
import { RawClient } from "../../fixtures/raw-client.ts";
import { credentials } from "../../fixtures/credentials.ts";

const clock = new FakeClock(Date.now());
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ ports: { clock } });
});
afterAll(() => server.close());

async function answerTo(request: ApiRequest): Promise<unknown> {
  const { status, type, body } = await callApi(server.port, request);
  return { status, type, body: body === "" ? "" : (JSON.parse(body) as unknown) };
}

function success(body: unknown, status = 200): object {
  return { status, type: "application/json", body };
}

function get(path: string, ...query: readonly (readonly [string, string])[]): Promise<unknown> {
  return answerTo({ method: "GET", path, query });
}

function event(channel: string, info?: string): object {
  return { name: "e", data: "1", channel, info };
}

/** A client on a channel. */
async function on(channel: string, userId?: string): Promise<RawClient> {
  const client = await RawClient.connect(server.port);
  if (userId === undefined) await client.subscribe(channel);
  else await client.join(channel, userId);
  await client.settled();
  return client;
}

describe("publishing", () => {
  test("[HTTP1] to several channels, a repeated one once", async () => {
    const [a, b] = [await on("several-a"), await on("several-b")];
    const channels = ["several-a", "several-b", "several-a"];
    expect(await answerTo({ path: "/events", body: { name: "e", data: "1", channels } })).toEqual(success({}));
    for (const client of [a, b]) {
      const frames = await client.settled();
      expect(frames.map((frame) => frame.event)).toEqual(["e"]);
      await client.close();
    }
  });

  test("[HTTP1] to a hundred channels; channels win over channel", async () => {
    const channels = Array.from({ length: 100 }, (_, index) => `hundred-${index}`);
    const client = await on("hundred-99");
    const lonely = await on("lonely");
    await answerTo({ path: "/events", body: { name: "e", data: "1", channels, channel: "lonely" } });
    expect(await client.next("e")).toMatchObject({ channel: "hundred-99" });
    expect(await lonely.settled()).toEqual([]);
    await Promise.all([client.close(), lonely.close()]);
  });

  test("[HTTP3] info tells of each channel what applies to it", async () => {
    const clients = [
      await on("info-a"),
      await on("info-a"),
      await on("presence-info", "ada"),
      await on("presence-info", "ada"),
    ];
    const channels = ["info-a", "presence-info", "info-empty"];
    const body = { name: "e", data: "1", channels, info: "user_count,subscription_count" };
    expect(await answerTo({ path: "/events", body })).toEqual(
      success({
        channels: {
          "info-a": { subscription_count: 2 },
          "presence-info": { user_count: 1, subscription_count: 2 },
          "info-empty": { subscription_count: 0 },
        },
      }),
    );
    expect(await answerTo({ path: "/events", body: { ...body, info: "user_count" } })).toMatchObject({
      body: { channels: { "info-a": {}, "presence-info": { user_count: 1 } } },
    });
    await Promise.all(clients.map((client) => client.close()));
  });

  test("[HTTP2] [HTTP3] a batch is answered in its order", async () => {
    const client = await on("presence-batch", "ada");
    const batch = [event("presence-batch", "user_count"), event("batch-b"), event("batch-c", "subscription_count")];
    expect(await answerTo({ path: "/batch_events", body: { batch } })).toEqual(
      success({ batch: [{ user_count: 1 }, {}, { subscription_count: 0 }] }),
    );
    expect(await answerTo({ path: "/batch_events", body: { batch: [event("batch-b")] } })).toEqual(success({}));
    const frames = await client.settled();
    expect(frames.map(({ channel }) => channel)).toEqual(["presence-batch"]);
    await client.close();
  });

  test("[HTTP2] a refused batch publishes nothing", async () => {
    const client = await on("all-or-none");
    const good = { name: "e", channel: "all-or-none", data: "1" };
    const answer = await callApi(server.port, {
      path: "/batch_events",
      body: { batch: [good, { ...good, name: "" }] },
    });
    expect(answer.status).toBe(400);
    expect(await client.settled()).toEqual([]);
    await client.close();
  });

  test("[HTTP12] parameters may stand in the query, where the body wins", async () => {
    const client = await on("in-query");
    const query = [
      ["channels[]", "in-query"],
      ["channels[]", "other"],
      ["data", "hi +é"],
      ["name", "e"],
    ] as const;
    expect(await answerTo({ path: "/events", query })).toEqual(success({}));
    expect((await client.next("e")).data).toBe("hi +é");
    expect(await answerTo({ path: "/events", query, body: { data: "from the body" } })).toEqual(success({}));
    expect((await client.next("e")).data).toBe("from the body");
    await client.close();
  });

  test("[HTTP12] the type of the body does not matter, nor do fields that nobody knows", async () => {
    const client = await on("untyped");
    const body = '{"name":"e","channel":"untyped","data":"1","future":{"x":1},"__proto__":{"data":2}}';
    for (const headers of [{}, { "content-type": "text/plain" }]) {
      expect(await answerTo({ path: "/events", body, headers })).toEqual(success({}));
      expect((await client.next("e")).data).toBe("1");
    }
    await client.close();
  });

  test("[HTTP11] array parameters may be signed one by one or joined", async () => {
    const timestamp = String(Math.floor(clock.now() / 1_000));
    const target = "/apps/1001/events";
    const query = `auth_key=app-key&auth_timestamp=${timestamp}&auth_version=1.0&channels[]=joined-a,joined-b&data=1&name=e`;
    const signature = hmac(credentials.secret, `POST\n${target}\n${query}`);
    const client = await on("joined-b");
    const answer = await callApi(server.port, {
      path: "/events",
      query: [
        ["channels[]", "joined-a"],
        ["channels[]", "joined-b"],
        ["data", "1"],
        ["name", "e"],
      ],
      auth: { auth_timestamp: timestamp },
      change: { auth_signature: signature },
    });
    expect(answer.status).toBe(200);
    expect(await client.next("e")).toMatchObject({ channel: "joined-b" });
    await client.close();
  });

  test.each([
    ["as forms escape it", "hi+%2B+%C3%A9"],
    ["with every space as %20", "hi%20%2B%20%c3%a9"],
  ])("[HTTP11] a value is signed decoded: %s", async (_, escaped) => {
    const client = await on("escaped");
    const fixed = `auth_key=app-key&auth_timestamp=${Math.floor(clock.now() / 1_000)}&auth_version=1.0&channel=escaped`;
    const signature = hmac(credentials.secret, `POST\n/apps/1001/events\n${fixed}&data=hi + é&name=e`);
    const target = `/apps/1001/events?${fixed}&data=${escaped}&name=e&auth_signature=${signature}`;
    expect(await send(server.port, "POST", target)).toMatchObject({ status: 200, body: "{}" });
    expect((await client.next("e")).data).toBe("hi + é");
    await client.close();
  });

  test("[HTTP11] a path may be signed as it travels or decoded", async () => {
    const client = await RawClient.connect(server.port);
    await client.signIn({ id: "a=b@c" });
    const timestamp = String(Math.floor(clock.now() / 1_000));
    const md5 = "99914b932bd37a50b983c5e7c90ae93b";
    const toSign = `POST\n/apps/1001/users/a=b@c/terminate_connections\nauth_key=app-key&auth_timestamp=${timestamp}&auth_version=1.0&body_md5=${md5}`;
    const answer = await callApi(server.port, {
      path: "/users/a%3Db%40c/terminate_connections",
      body: {},
      auth: { auth_timestamp: timestamp },
      change: { auth_signature: hmac(credentials.secret, toSign) },
    });
    expect(answer).toMatchObject({ status: 200, body: "{}" });
    expect((await client.closed).code).toBe(4009);
  });

  test("[HTTP10] the MD5 of nothing may be there, and is signed then", async () => {
    const answer = await callApi(server.port, {
      method: "GET",
      path: "/channels",
      auth: { body_md5: "d41d8cd98f00b204e9800998ecf8427e" },
    });
    expect(answer.status).toBe(200);
  });

  test("[HTTP8] the old way to publish to one channel", async () => {
    const [client, sender] = [await on("old"), await on("old")];
    await client.settled();
    const query = [
      ["name", "e"],
      ["socket_id", sender.socketId],
    ] as const;
    expect(await answerTo({ path: "/channels/old/events", query, body: "not {JSON" })).toEqual(success({}, 202));
    expect((await client.next("e")).data).toBe("not {JSON");
    expect(await sender.settled()).toEqual([]);
    await Promise.all([client.close(), sender.close()]);
  });
});

describe("asking", () => {
  test("[HTTP4] the list holds occupied channels by prefix, with what was asked", async () => {
    const clients = [
      await on("list-a"),
      await on("private-list-b"),
      await on("presence-list-c", "ada"),
      await on("presence-list-c", "bob"),
      await on("presence-list-c", "bob"),
    ];
    expect(await get("/channels", ["filter_by_prefix", "list-"])).toEqual(success({ channels: { "list-a": {} } }));
    expect(await get("/channels", ["filter_by_prefix", "presence-list-"], ["info", "user_count"])).toEqual(
      success({ channels: { "presence-list-c": { user_count: 2 } } }),
    );
    expect(await get("/channels")).toMatchObject({
      body: { channels: { "list-a": {}, "private-list-b": {}, "presence-list-c": {} } },
    });
    expect(await get("/channels", ["filter_by_prefix", "presence-é,x"])).toEqual(success({ channels: {} }));
    await Promise.all(clients.map((client) => client.close()));
    await expect.poll(() => get("/channels", ["filter_by_prefix", "list-"])).toEqual(success({ channels: {} }));
  });

  test("[HTTP5] one channel, occupied or not", async () => {
    const clients = [await on("one"), await on("one"), await on("presence-one", "ada"), await on("cache-one")];
    expect(await get("/channels/one")).toEqual(success({ occupied: true }));
    expect(await get("/channels/one", ["info", "subscription_count"])).toEqual(
      success({ occupied: true, subscription_count: 2 }),
    );
    expect(await get("/channels/presence-one", ["info", "user_count"])).toEqual(
      success({ occupied: true, user_count: 1 }),
    );
    expect(await get("/channels/nobody-here")).toEqual(success({ occupied: false }));
    expect(await get("/channels/__proto__")).toEqual(success({ occupied: false }));
    expect(await get("/channels/cache-one", ["info", "cache"])).toEqual(success({ occupied: true, cache: null }));
    await publish(server.port, "cache-one", "e", "event data");
    clock.advance(60_000);
    expect(await get("/channels/cache-one", ["info", "cache,subscription_count"])).toEqual(
      success({ occupied: true, subscription_count: 1, cache: { data: "event data", ttl: 1_740 } }),
    );
    await Promise.all(clients.map((client) => client.close()));
  });

  test("[HTTP6] the users of a presence channel, each once", async () => {
    const clients = [
      await on("presence-users", "ada"),
      await on("presence-users", "bob"),
      await on("presence-users", "bob"),
    ];
    expect(await get("/channels/presence-users/users")).toEqual(success({ users: [{ id: "ada" }, { id: "bob" }] }));
    expect(await get("/channels/presence-nobody/users")).toEqual(success({ users: [] }));
    await Promise.all(clients.map((client) => client.close()));
  });

  test("[HTTP8] the old way to ask for counts", async () => {
    const clients = [await on("presence-stats", "ada"), await on("presence-stats", "ada")];
    expect(await get("/channels/presence-stats/stats")).toEqual(
      success({ occupied: true, user_count: 1, connection_count: 2 }),
    );
    expect(await get("/channels/stats/stats")).toEqual(success({ occupied: false, connection_count: 0 }));
    await Promise.all(clients.map((client) => client.close()));
  });

  test("[HTTP7] terminating a user who is not there", async () => {
    expect(await answerTo({ path: "/users/nobody/terminate_connections", body: {} })).toEqual(success({}));
  });
});
