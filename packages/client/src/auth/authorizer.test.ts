import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Endpoint, join, outcome } from "../testing/auth-endpoint.ts";
import type { AuthorizationOptions, ChannelHandler } from "./auth-options.ts";
import { authorizeEach, type Authorize } from "./channel-request.ts";
import { authorizeBatched } from "./authorize-batched.ts";
import { createAuthorizer } from "./authorizer.ts";

const secret = `${"A".repeat(43)}=`;

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
  askBy = authorizeBatched,
): { readonly authorize: Authorize } {
  const authorize = createAuthorizer(
    { fetch: endpoint.fetch, endpoint: "https://app.example/auth", ...options },
    askBy,
  );
  return { authorize };
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

  test("carries the fields and headers of the application, created for each request", async () => {
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

  test.each(["Content-Type", "content-type", "CONTENT-TYPE"])(
    "stays a form with a header %s of the application",
    async (name) => {
      const headers = { [name]: "application/json" };
      await authorizer({ headers }).authorize(join("private-a"));
      await authorizer({ headers, appendContentType: true }).authorize(join("private-a"));
      const form = "application/x-www-form-urlencoded";
      expect(endpoint.asked.map((request) => request.headers)).toEqual([
        { "Content-Type": form },
        // As `pusher-js` does, for the drop-in.
        { "Content-Type": `${form}, application/json` },
      ]);
    },
  );

  test.each([200, 201, 202])("is granted by an answer with status %i", async (status) => {
    endpoint.answer = () => Response.json({ auth: "k:s" }, { status });
    expect(await authorizer().authorize(join("private-a"))).toMatchObject({ auth: "k:s" });
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
    await authorizer({}, authorizeEach).authorize(join("private-encrypted-a"));
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
    expect(await outcome(authorizer().authorize(join("private-a")))).toMatchObject({
      status: 0,
      message: `${unable(0)}: fetch failed`,
    });
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

  test.each<[string, (body: ReadableStreamDefaultController<Uint8Array>) => void]>([
    ["never ends", () => {}],
    ["breaks", (body) => body.error(new TypeError("terminated"))],
  ])("by an answer that %s counts as no answer", async (_, go) => {
    endpoint.answer = () =>
      new Response(
        new ReadableStream<Uint8Array>({
          start(body) {
            body.enqueue(new TextEncoder().encode('{"auth":'));
            go(body);
          },
        }),
      );
    const error = await outcome(authorizer().authorize(join("private-a")));
    expect(error).toMatchObject({ code: "refused", status: 0 });
    expect((error as Error).message).toContain(unable(0));
    expect(endpoint.asked).toHaveLength(3);
  });

  test("in time is not listened to any longer", async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    const it = authorizer({
      fetch: (_, init) => {
        signals.push(init?.signal);
        return new Promise(() => {});
      },
    });
    await outcome(it.authorize(join("private-a")));
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true, true]);
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
  ])("with %s for an answer is reported without the answer", async (_, text) => {
    endpoint.answer = () => new Response(text);
    const error = await outcome(authorizer().authorize(join("private-encrypted-a")));
    expect(error).toMatchObject({ status: 200, code: "refused" });
    expect((error as Error).message).toBe(
      "JSON returned from channel-authorization endpoint was invalid, yet status code was 200: " +
        "https://app.example/auth sent text/plain;charset=UTF-8",
    );
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
    // oxlint-disable-next-line prefer-promise-reject-errors -- as interceptors of HTTP libraries do
    ["rejects with undefined", () => Promise.reject(), { message: "The handler rejected without a reason" }],
    // oxlint-disable-next-line prefer-promise-reject-errors -- see above
    ["rejects with null", () => Promise.reject(null), { message: "The handler rejected without a reason" }],
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
