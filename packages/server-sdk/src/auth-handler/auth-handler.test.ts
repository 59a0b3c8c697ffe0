import { describe, expect, test, vi } from "vitest";
import { fakeSealcast, masterKey } from "../testing/fake-sealcast.ts";
import { createAuthHandler, type AuthHandlerOptions, type Authentication } from "./auth-handler.ts";
import type { AuthUser } from "./auth-user.ts";

const T = 1_700_000_100_000;
const { sealcast } = fakeSealcast({
  encryption: { ring: [{ key: masterKey("a") }, { key: masterKey("b"), from: T }] },
});
const ada: AuthUser = { id: "ada", user_info: { name: "Ada" }, watchlist: ["bob"] };

function build(options: Partial<AuthHandlerOptions<AuthUser>> = {}): (request: Request) => Promise<Response> {
  return createAuthHandler({
    sealcast,
    authenticate: () => ada,
    authorize: ({ channel }) => !channel.includes("forbidden"),
    onError: () => undefined,
    ...options,
  });
}

interface Sent {
  readonly fields?: Record<string, string> | [string, string][];
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly body?: string;
}

function requestOf({
  fields = {},
  headers = {},
  method = "POST",
  body = `${new URLSearchParams(fields)}`,
}: Sent): Request {
  return new Request("http://app.example.com/pusher/auth", {
    method,
    headers: { "content-type": "application/x-www-form-urlencoded", host: "app.example.com", ...headers },
    ...(method === "GET" ? {} : { body }),
  });
}

async function ask(
  sent: Sent,
  options: Partial<AuthHandlerOptions<AuthUser>> = {},
): Promise<{ status: number; json: unknown; headers: Headers }> {
  const response = await build(options)(requestOf(sent));
  const text = await response.text();
  return {
    status: response.status,
    json: text === "" ? undefined : (JSON.parse(text) as unknown),
    headers: response.headers,
  };
}
const subscribeTo = (channel: string): Sent => ({ fields: { socket_id: "1.2", channel_name: channel } });

describe("auth handler", () => {
  test.each(["private-a", "private-cache-a", "private-encrypted-a"])(
    "signs a subscription of %s as the library does",
    async (channel) => {
      const { status, json, headers } = await ask(subscribeTo(channel));
      expect(status).toBe(200);
      expect(json).toEqual(sealcast.authorizeChannel("1.2", channel));
      expect(Object.fromEntries(headers)).toEqual({
        "cache-control": "no-store",
        "content-type": "application/json",
        "x-content-type-options": "nosniff",
      });
    },
  );

  test("signs the user into the data of a presence channel", async () => {
    const { json } = await ask(subscribeTo("presence-a"));
    expect(json).toEqual(
      sealcast.authorizeChannel("1.2", "presence-a", { user_id: "ada", user_info: { name: "Ada" } }),
    );
  });

  test("[R4] returns all secrets to a client that asks for them", async () => {
    const { json } = await ask({ fields: { socket_id: "1.2", channel_name: "private-encrypted-a", e2e: "1" } });
    expect(json).toMatchObject({ shared_secret: expect.any(String) as string, e2e: { v: 1, secrets: { length: 2 } } });
    expect(Object.keys(json as object)).toEqual(["auth", "shared_secret", "e2e"]);
  });

  test("signs users in", async () => {
    const { status, json } = await ask({ fields: { socket_id: "1.2" } });
    expect(status).toBe(200);
    expect(json).toEqual(
      sealcast.authenticateUser("1.2", { id: "ada", user_info: { name: "Ada" }, watchlist: ["bob"] }),
    );
  });

  test("authorizes several channels at once, each with its own decision", async () => {
    const errors: unknown[] = [];
    const channels = [
      "private-a",
      "private-forbidden",
      "presence-a",
      "private-encrypted-a",
      "public",
      "bad name",
      "private-broken",
      "private-a",
    ];
    const { status, json } = await ask(
      {
        fields: [
          ["socket_id", "1.2"],
          ["e2e", "1"],
          ...channels.map((name): [string, string] => ["channel_name[]", name]),
        ],
      },
      {
        authorize: ({ channel }) => {
          if (channel === "private-broken") throw new Error("database down");
          return channel !== "private-forbidden";
        },
        onError: (error) => errors.push(error),
      },
    );
    expect(status).toBe(200);
    expect(json).toEqual({
      channels: {
        "private-a": { status: 200, ...sealcast.authorizeChannel("1.2", "private-a") },
        "private-forbidden": { status: 403, error: "Channel private-forbidden is not allowed for this user" },
        "presence-a": {
          status: 200,
          ...sealcast.authorizeChannel("1.2", "presence-a", { user_id: "ada", user_info: ada.user_info }),
        },
        "private-encrypted-a": {
          status: 200,
          ...sealcast.authorizeChannel("1.2", "private-encrypted-a", undefined, { endToEnd: true }),
        },
        public: { status: 403, error: "Channel public needs no authorization" },
        "bad name": { status: 403, error: expect.stringContaining("Invalid channel name") as string },
        "private-broken": { status: 500, error: "The authorization could not be decided" },
      },
    });
    expect(errors).toEqual([new Error("database down")]);
  });

  test("treats a channel named __proto__ as any other", async () => {
    const { json } = await ask({
      fields: [
        ["socket_id", "1.2"],
        ["channel_name[]", "__proto__"],
      ],
    });
    expect(JSON.stringify(json)).toBe(
      '{"channels":{"__proto__":{"status":403,"error":"Channel __proto__ needs no authorization"}}}',
    );
  });

  test.each([
    ["a channel that is forbidden", 403, subscribeTo("private-forbidden")],
    ["a public channel", 403, subscribeTo("public")],
    ["a channel of a user", 403, subscribeTo("#server-to-user-bob")],
    ["a channel that would forge a sign-in", 403, subscribeTo(':user::{"id":"admin"}')],
    ["an empty channel", 403, subscribeTo("")],
    [
      "a socket id that would forge a sign-in",
      400,
      { fields: { socket_id: "1.2::user::x", channel_name: "private-a" } },
    ],
    ["no socket id", 400, { fields: { channel_name: "private-a" } }],
    [
      "more than 100 channels",
      400,
      {
        fields: [
          ["socket_id", "1.2"],
          ...Array.from({ length: 101 }, (_, index): [string, string] => ["channel_name[]", `private-${index}`]),
        ],
      },
    ],
    ["GET, which JSONP uses", 405, { method: "GET" }],
    ["PUT", 405, { method: "PUT", ...subscribeTo("private-a") }],
    ["JSON", 415, { headers: { "content-type": "application/json" }, body: "{}" }],
    ["a long body", 413, { body: `socket_id=1.2&x=${"x".repeat(70_000)}` }],
    ["a body that claims to be long", 413, { ...subscribeTo("private-a"), headers: { "content-length": "70000" } }],
  ] as (readonly [string, number, Sent])[])("refuses %s with %i, and signs nothing", async (_, status, sent) => {
    const answer = await ask(sent);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ error: expect.any(String) as string });
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test.each([null, undefined, false, "", 0, NaN, {}, [], { id: null }, { name: "Ada" }])(
    "refuses with 401 when `authenticate` returns %j, and does not call `authorize`",
    async (nobody) => {
      const authorize = vi.fn<() => boolean>(() => true);
      const onError = vi.fn<(error: unknown) => void>();
      const authenticate = (): Authentication<AuthUser> => nobody as Authentication<AuthUser>;
      const answer = await ask(subscribeTo("private-encrypted-a"), { authenticate, authorize, onError });
      expect(answer).toMatchObject({ status: 401, json: { error: "Nobody is signed in" } });
      expect(authorize).not.toHaveBeenCalled();
      expect(onError).not.toHaveBeenCalled();
    },
  );

  test.each([
    [true, "a value of type boolean"],
    ["ada", "a value of type string"],
    [7, "a value of type number"],
    [() => ada, "a value of type function"],
    [{ id: 7 }, "a user whose id is of type number"],
    [{ id: { name: "ada" } }, "a user whose id is of type object"],
    [{ id: "" }, "a user whose id is empty"],
  ])("answers 500 and reports it when `authenticate` returns %j, which names no user", async (value, found) => {
    const authorize = vi.fn<() => boolean>(() => true);
    const onError = vi.fn<(error: unknown) => void>();
    const authenticate = (): Authentication<AuthUser> => value as unknown as Authentication<AuthUser>;
    for (const sent of [subscribeTo("private-encrypted-a"), { fields: { socket_id: "1.2" } }]) {
      const answer = await ask(sent, { authenticate, authorize, onError });
      expect(answer).toMatchObject({ status: 500, json: { error: "The authorization could not be decided" } });
    }
    expect(authorize).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledTimes(2);
    expect(String(onError.mock.calls[0]?.[0])).toContain(found);
  });

  test.each([1, "yes", {}, null, undefined])(
    "refuses a channel when `authorize` returns %j instead of true",
    async (decision) => {
      const authorize = (() => decision) as unknown as () => boolean;
      expect((await ask(subscribeTo("private-a"), { authorize })).status).toBe(403);
    },
  );

  test.each(["authenticate", "authorize"])(
    "answers 500 when `%s` throws, reports the error, and hides it from the client",
    async (which) => {
      const onError = vi.fn<(error: unknown) => void>();
      const answer = await ask(subscribeTo("private-a"), { [which]: failing, onError });
      expect(answer).toMatchObject({ status: 500, json: { error: "The authorization could not be decided" } });
      expect(onError).toHaveBeenCalledWith(new Error("password of the database"));
    },
  );
});

describe("origin check", () => {
  const allowed = ["https://app.other.com", "capacitor://localhost"];
  test.each([
    ["no origin, as from a program: allowed", {}, 200],
    ["its own origin", { origin: "http://app.example.com" }, 200],
    ["its own origin behind a proxy that terminates TLS", { origin: "https://app.example.com" }, 200],
    ["an allowed origin", { origin: "https://app.other.com" }, 200],
    ["the allowed origin of an app in a web view", { origin: "capacitor://localhost" }, 200],
    ["another origin", { origin: "https://evil.com" }, 403],
    ["a subdomain", { origin: "https://evil.app.example.com" }, 403],
    ["another port", { origin: "http://app.example.com:8080" }, 403],
    ["an allowed host with another scheme", { origin: "http://app.other.com" }, 403],
    ["the origin of a sandboxed page", { origin: "null" }, 403],
    ["no origin, sent from another site", { "sec-fetch-site": "cross-site" }, 403],
    ["no origin, sent from a subdomain", { "sec-fetch-site": "same-site" }, 403],
    ["no origin, sent from the same origin", { "sec-fetch-site": "same-origin" }, 200],
  ])("%s", async (_, headers, status) => {
    const authenticate = vi.fn<() => AuthUser>(() => ada);
    const answer = await ask({ ...subscribeTo("private-a"), headers }, { origins: allowed, authenticate });
    expect(answer.status).toBe(status);
    expect(authenticate).toHaveBeenCalledTimes(status === 200 ? 1 : 0);
  });

  test("allows pages of allowed origins to read the answer, with cookies", async () => {
    const { headers } = await ask(
      { ...subscribeTo("private-a"), headers: { origin: "https://app.other.com" } },
      { origins: allowed },
    );
    expect(headers.get("access-control-allow-origin")).toBe("https://app.other.com");
    expect(headers.get("access-control-allow-credentials")).toBe("true");
    expect(headers.get("vary")).toBe("Origin");
  });

  test("allows every page without cookies if the option is any", async () => {
    const { status, headers } = await ask(
      { ...subscribeTo("private-a"), headers: { origin: "null" } },
      { origins: "any" },
    );
    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  });

  test.each([
    ["https://app.other.com", 'The option origins must be a list of origins, or "any"'],
    [["https://app.other.com/"], "https://app.other.com/ is not an origin: did you mean https://app.other.com?"],
    [
      ["https://app.other.com/chat"],
      "https://app.other.com/chat is not an origin: did you mean https://app.other.com?",
    ],
    [
      ["app.other.com"],
      "app.other.com is not an origin: expected a scheme and a host, such as https://app.example.com",
    ],
    [["*"], "* is not an origin: expected a scheme and a host, such as https://app.example.com"],
    [["null"], "null is not an origin"],
  ])("throws at creation for an origin that no browser sends: %j", (origins: unknown, message) => {
    expect(() => build({ origins: origins as readonly string[] })).toThrow(message);
  });

  test("answers preflight requests", async () => {
    const preflight = {
      method: "OPTIONS",
      body: "",
      headers: { origin: "https://app.other.com", "access-control-request-headers": "x-csrf-token" },
    };
    const answer = await ask(preflight, { origins: allowed });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-methods")).toBe("POST");
    expect(answer.headers.get("access-control-allow-headers")).toBe("x-csrf-token");
    expect((await ask({ ...preflight, headers: { origin: "https://evil.com" } }, { origins: allowed })).status).toBe(
      403,
    );
  });
});

describe("a refused origin", () => {
  const origin = "http://localhost:5173";
  const from = (host: string, method = "POST"): Request =>
    new Request(`http://${host}/pusher/auth`, {
      method,
      headers: { "content-type": "application/x-www-form-urlencoded", host, origin },
      ...(method === "POST" ? { body: "socket_id=1.2&channel_name=private-a" } : {}),
    });
  const text = `Origin ${origin} is not allowed: add it to the option origins of createAuthHandler`;

  test.each(["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "app.localhost"])(
    "can be read by its page if the endpoint is on this machine: %s",
    async (host) => {
      const handler = build({ onError: () => undefined });
      expect((await handler(from(host, "OPTIONS"))).status).toBe(204);
      const answer = await handler(from(host));
      expect([answer.status, await answer.json()]).toEqual([403, { error: text }]);
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    },
  );

  test("cannot be read by its page on any other host", async () => {
    const handler = build({ onError: () => undefined });
    for (const method of ["OPTIONS", "POST"]) {
      const answer = await handler(from("app.example.com", method));
      expect(answer.status).toBe(403);
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("is reported once, and at most 20 of them", async () => {
    const errors: string[] = [];
    const handler = build({ onError: (error) => errors.push(String(error)) });
    for (let time = 0; time < 3; time += 1) await handler(from("app.example.com"));
    expect(errors).toEqual([`SealcastError: ${text}`]);
    for (let number = 0; number < 50; number += 1) {
      await handler(requestOf({ ...subscribeTo("private-a"), headers: { origin: `https://${number}.example.org` } }));
    }
    expect(errors).toHaveLength(20);
  });
});

test.each([
  [undefined, "createAuthHandler needs an object of options, got nothing"],
  [{}, "createAuthHandler needs the option sealcast: a Sealcast instance, got nothing"],
  [{ sealcast: {} }, "createAuthHandler needs the option sealcast: a Sealcast instance, got an object"],
  [{ sealcast }, "createAuthHandler needs the option authenticate: a function, got nothing"],
  [{ sealcast, authenticate: true }, "createAuthHandler needs the option authenticate: a function, got a boolean"],
  [{ sealcast, authenticate: () => ada }, "createAuthHandler needs the option authorize: a function, got nothing"],
  [{ sealcast, authorizes: () => true }, 'createAuthHandler has no option "authorizes": did you mean authorize?'],
  [{ sealcast, allowedOrigins: [] }, 'createAuthHandler has no option "allowedOrigins": did you mean origins?'],
  [
    { sealcast, authenticate: () => ada, authorize: () => true, onError: "log" },
    "createAuthHandler needs the option onError: a function, got a string",
  ],
])("throws at creation for the options %#", (options: unknown, message) => {
  const create = (): unknown => createAuthHandler(options as AuthHandlerOptions<AuthUser>);
  expect(create).toThrow(expect.objectContaining({ code: "invalid-options", message }) as Error);
});

function failing(): never {
  throw new Error("password of the database");
}
