import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SealcastError } from "../sealcast-error.ts";
import type { AuthorizationOptions, ChannelHandler } from "./auth-options.ts";
import { askOneByOne, type Authorize, type JoinRequest } from "./ask-for-channel.ts";
import { askTogether } from "./ask-together.ts";
import { createAuthorizer } from "./authorizer.ts";

const secret = `${"A".repeat(43)}=`;

/** An endpoint that answers as a test tells it to, and notes what it was asked. */
class Endpoint {
  readonly asked: {
    readonly url: string;
    readonly body: string;
    readonly headers: unknown;
    readonly credentials: unknown;
  }[] = [];
  answer: (form: URLSearchParams) => Response | Promise<Response> = (form) => {
    const names = form.getAll("channel_name[]");
    if (!names.length) return Response.json({ auth: `k:${form.get("channel_name")}` });
    return Response.json({
      channels: Object.fromEntries(names.map((name) => [name, { status: 200, auth: `k:${name}` }])),
    });
  };

  readonly fetch: typeof fetch = async (url, init = {}) => {
    const body = init.body as string;
    this.asked.push({
      url: url instanceof Request ? url.url : String(url),
      body,
      headers: init.headers,
      credentials: init.credentials,
    });
    return this.answer(new URLSearchParams(body));
  };
}

let endpoint: Endpoint;
beforeEach(() => {
  endpoint = new Endpoint();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function authorizer(
  options: AuthorizationOptions<ChannelHandler> = {},
  askBy = askTogether,
): { readonly authorize: Authorize } {
  const authorize = createAuthorizer(
    { fetch: endpoint.fetch, endpoint: "https://app.example/auth", ...options },
    askBy,
  );
  return { authorize };
}

const join = (channel: string, socketId = "1.1"): JoinRequest => ({
  channel,
  socketId,
  attempts: 3,
  encrypted: channel.startsWith("private-encrypted-"),
});

/** Lets all pauses pass, and gives how a promise ended. */
async function outcome<T>(promise: Promise<T>): Promise<T | SealcastError> {
  const ended = promise.catch((error: unknown) => error as SealcastError);
  await vi.runAllTimersAsync();
  return ended;
}

describe("one channel", () => {
  test("is asked for with the form of pusher-js", async () => {
    expect(await authorizer().authorize(join("private-a b&c"))).toMatchObject({ auth: "k:private-a b&c" });
    expect(endpoint.asked).toEqual([
      {
        url: "https://app.example/auth",
        body: "socket_id=1.1&channel_name=private-a%20b%26c",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        credentials: "same-origin",
      },
    ]);
  });

  test("carries the fields and headers of the application, made anew for each request", async () => {
    let calls = 0;
    const options: AuthorizationOptions<ChannelHandler> = {
      params: { a: 1 },
      paramsProvider: () => ({ b: (calls += 1) }),
      headers: { "X-A": "a" },
      headersProvider: () => ({ "X-B": String(calls) }),
      credentials: "include",
    };
    const it = authorizer(options);
    await it.authorize(join("private-a"));
    await it.authorize(join("private-b"));
    expect(endpoint.asked.map(({ body }) => body)).toEqual([
      "socket_id=1.1&channel_name=private-a&a=1&b=1",
      "socket_id=1.1&channel_name=private-b&a=1&b=2",
    ]);
    expect(endpoint.asked[1]).toMatchObject({ headers: { "X-A": "a", "X-B": "2" }, credentials: "include" });
  });

  test("is asked for once at a time", async () => {
    const it = authorizer();
    const [first, second] = [it.authorize(join("private-a")), it.authorize(join("private-a"))];
    expect(await first).toBe(await second);
    await it.authorize(join("private-a"));
    expect(endpoint.asked).toHaveLength(2);
  });

  test("is asked for its keys, by our own client", async () => {
    endpoint.answer = () => Response.json({ auth: "k:s", shared_secret: secret });
    await authorizer().authorize(join("private-encrypted-a"));
    await authorizer({}, askOneByOne).authorize(join("private-encrypted-a"));
    expect(endpoint.asked.map(({ body }) => body)).toEqual([
      "socket_id=1.1&channel_name=private-encrypted-a&e2e=1",
      "socket_id=1.1&channel_name=private-encrypted-a",
    ]);
  });

  test.each([
    [
      { auth: "k:s" },
      "private-encrypted-a",
      "No shared_secret key in auth payload for encrypted channel: private-encrypted-a",
    ],
    [
      { auth: "k:s", shared_secret: "AAAA" },
      "private-encrypted-a",
      "No shared_secret key in auth payload for encrypted channel: private-encrypted-a",
    ],
    [{}, "private-a", "Invalid auth response for channel 'private-a'"],
    [null, "private-a", "Invalid auth response for channel 'private-a'"],
  ])("with the answer %j is refused", async (answer, channel, message) => {
    endpoint.answer = () => Response.json(answer);
    expect(await outcome(authorizer().authorize(join(channel)))).toMatchObject({ code: "refused", message });
  });
});

describe("an endpoint that fails", () => {
  test.each([
    [403, 1],
    [401, 1],
    [404, 1],
    [400, 1],
    [204, 1],
    [408, 3],
    [429, 3],
    [500, 3],
    [503, 3],
  ])("with status %i is asked %i times", async (status, times) => {
    endpoint.answer = () => new Response(null, { status });
    const error = await outcome(authorizer().authorize(join("private-a")));
    expect(error).toMatchObject({ code: "refused", status, message: unable(status) });
    expect(endpoint.asked).toHaveLength(times);
  });

  test("to answer at all counts as status 0", async () => {
    endpoint.answer = () => Promise.reject(new TypeError("fetch failed"));
    expect(await outcome(authorizer().authorize(join("private-a")))).toMatchObject({ status: 0, message: unable(0) });
    expect(endpoint.asked).toHaveLength(3);
  });

  test("to answer in time is asked again", async () => {
    const it = authorizer({
      timeoutMs: 1_000,
      fetch: (url, init) => {
        void endpoint.fetch(url, init);
        return new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(new Error("aborted"))));
      },
    });
    expect(await outcome(it.authorize(join("private-a")))).toMatchObject({ status: 0 });
    expect(endpoint.asked).toHaveLength(3);
  });

  test("for a moment does no harm", async () => {
    const answers = [new Response(null, { status: 503 }), Response.json({ auth: "k:s" })];
    endpoint.answer = () => answers.shift() ?? Response.error();
    expect(await outcome(authorizer().authorize(join("private-a")))).toMatchObject({ auth: "k:s" });
  });

  test.each([
    ["an HTML page", `<html>${secret}`],
    ["nothing", ""],
    ["ten megabytes", `"${"x".repeat(10_000_000)}"`],
  ])("by answering %s is told so, without the answer", async (_, text) => {
    endpoint.answer = () => new Response(text);
    const error = await outcome(authorizer().authorize(join("private-encrypted-a")));
    expect(error).toMatchObject({ status: 200, code: "refused" });
    expect((error as Error).message).toBe(
      "JSON returned from channel-authorization endpoint was invalid, yet status code was 200",
    );
  });
});

describe("several channels", () => {
  const names = Array.from({ length: 40 }, (_, index) => `private-${index}`);

  test("wanted at the same time take one request", async () => {
    const it = authorizer();
    const grants = await Promise.all(names.map((name) => it.authorize(join(name))));
    expect(grants.map(({ auth }) => auth)).toEqual(names.map((name) => `k:${name}`));
    expect(endpoint.asked).toHaveLength(1);
    expect(endpoint.asked[0]?.body).toMatch(
      /^socket_id=1\.1&channel_name%5B%5D=private-0&channel_name%5B%5D=private-1&/,
    );
  });

  test("take one request for each hundred", async () => {
    const it = authorizer();
    await Promise.all(Array.from({ length: 250 }, (_, index) => it.authorize(join(`private-${index}`))));
    expect(endpoint.asked).toHaveLength(3);
  });

  test("ask for keys where one of them has any", async () => {
    const it = authorizer();
    await Promise.allSettled([it.authorize(join("private-a")), it.authorize(join("private-encrypted-b"))]);
    expect(endpoint.asked[0]?.body).toContain("&e2e=1");
  });

  test("get an answer each", async () => {
    endpoint.answer = () =>
      Response.json({
        channels: { "private-0": { status: 200, auth: "k:0" }, "private-1": { status: 403, error: "Not you" } },
      });
    const it = authorizer();
    const [yes, no, forgotten] = await Promise.allSettled(
      ["private-0", "private-1", "private-2"].map((name) => it.authorize(join(name))),
    );
    expect(yes).toMatchObject({ status: "fulfilled", value: { auth: "k:0" } });
    expect(no).toMatchObject({
      reason: { code: "refused", status: 403, message: "Not allowed to join private-1: Not you" },
    });
    expect(forgotten).toMatchObject({
      reason: { code: "refused", status: undefined, message: "Invalid auth response for channel 'private-2'" },
    });
    expect(endpoint.asked).toHaveLength(1);
  });

  test("are asked for again by themselves where one could not be decided", async () => {
    const answer = endpoint.answer;
    endpoint.answer = (form) => {
      if (!form.has("channel_name[]")) return answer(form);
      return Response.json({ channels: { "private-0": { status: 200, auth: "k:0" }, "private-1": { status: 500 } } });
    };
    const it = authorizer();
    const both = Promise.all(["private-0", "private-1"].map((name) => it.authorize(join(name))));
    expect(await both).toMatchObject([{ auth: "k:0" }, { auth: "k:private-1" }]);
    expect(endpoint.asked).toHaveLength(2);
  });

  test.each([
    ["500", () => new Response(null, { status: 500 })],
    ["404", () => new Response(null, { status: 404 })],
    ["something else", () => Response.json({ auth: "k:one" })],
    ["no JSON", () => new Response("<html>")],
  ])("take one request each where the endpoint answers %s, and are not tried together again", async (_, odd) => {
    const answer = endpoint.answer;
    endpoint.answer = (form) => (form.has("channel_name[]") ? odd() : answer(form));
    const it = authorizer();
    const ask = (): Promise<unknown> => Promise.all(["private-a", "private-b"].map((name) => it.authorize(join(name))));
    await ask();
    expect(endpoint.asked).toHaveLength(3);
    await ask();
    expect(endpoint.asked).toHaveLength(5);
  });

  test("are tried together again after a no to the user", async () => {
    const answer = endpoint.answer;
    endpoint.answer = () => new Response(null, { status: 403 });
    const it = authorizer();
    const ask = (): Promise<unknown> =>
      Promise.allSettled(["private-a", "private-b"].map((name) => it.authorize(join(name))));
    await ask();
    expect(endpoint.asked).toHaveLength(3);
    endpoint.answer = answer;
    await ask();
    expect(endpoint.asked).toHaveLength(4);
  });

  test("take one request each in the drop-in, whose endpoints may know nothing else", async () => {
    const it = authorizer({}, askOneByOne);
    await Promise.all([it.authorize(join("private-a")), it.authorize(join("private-b"))]);
    expect(endpoint.asked.map(({ body }) => body)).toEqual([
      "socket_id=1.1&channel_name=private-a",
      "socket_id=1.1&channel_name=private-b",
    ]);
  });
});

describe("a permission with a lifetime", () => {
  beforeEach(() => {
    endpoint.answer = () => Response.json({ auth: "k:s", shared_secret: secret, ttl_ms: 1_000 });
  });

  test("is used again until it ends, on the same connection", async () => {
    const it = authorizer();
    await it.authorize(join("private-a"));
    vi.advanceTimersByTime(999);
    await it.authorize(join("private-a"));
    expect(endpoint.asked).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await it.authorize(join("private-a"));
    expect(endpoint.asked).toHaveLength(2);
    await it.authorize(join("private-a", "2.2"));
    expect(endpoint.asked).toHaveLength(3);
  });

  test("is not kept where it holds keys", async () => {
    const it = authorizer();
    await it.authorize(join("private-encrypted-a"));
    await it.authorize(join("private-encrypted-a"));
    expect(endpoint.asked).toHaveLength(2);
  });
});

describe("a custom handler", () => {
  const params = { socketId: "1.1", channelName: "private-a" };
  test.each<[string, ChannelHandler]>([
    ["calls back", (_, callback) => callback(null, { auth: "k:s" })],
    ["calls back later", (_, callback) => void setTimeout(() => callback(null, { auth: "k:s" }), 10)],
    ["returns a promise", async () => ({ auth: "k:s" })],
    ["is async and calls back", async (_, callback) => callback(null, { auth: "k:s" })],
  ])("that %s", async (_, customHandler) => {
    const handler = vi.fn<ChannelHandler>(customHandler);
    expect(await outcome(authorizer({ customHandler: handler }).authorize(join("private-a")))).toMatchObject({
      auth: "k:s",
    });
    expect(handler).toHaveBeenCalledWith(params, expect.any(Function));
    expect(endpoint.asked).toEqual([]);
  });

  test.each<[string, ChannelHandler, object]>([
    [
      "calls back with an error",
      (_, callback) => callback(new Error("mine"), null),
      { message: "mine", status: undefined },
    ],
    [
      "throws",
      () => {
        throw new Error("mine");
      },
      { message: "mine" },
    ],
    ["rejects", () => Promise.reject(new Error("mine")), { message: "mine" }],
    ["gives a text for an error", (_, callback) => callback("mine" as unknown as Error, null), { message: "mine" }],
    [
      "gives a status",
      (_, callback) => callback(Object.assign(new Error("mine"), { status: 403 }), null),
      { status: 403 },
    ],
    [
      "gives nothing",
      (_, callback) => callback(null, null),
      { message: "Invalid auth response for channel 'private-a'" },
    ],
    ["never answers", () => {}, { message: "No answer within 30000 ms" }],
  ])("that %s", async (_, customHandler, expected) => {
    expect(await outcome(authorizer({ customHandler }).authorize(join("private-a")))).toMatchObject({
      code: "refused",
      ...expected,
    });
  });
});

/** The text of an endpoint's failure, as pusher-js has it. */
function unable(status: number): string {
  return `Unable to retrieve auth string from channel-authorization endpoint - received status: ${status} from https://app.example/auth`;
}
