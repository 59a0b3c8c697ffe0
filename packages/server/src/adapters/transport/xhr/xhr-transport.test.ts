import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HttpReply, HttpRequest, Link, OpenRequest } from "../../../ports/transport.ts";
import { silentLog, testSettings } from "@sealcast/server-testing";
import { SockJs } from "../sockjs/sockjs.ts";
import { XhrTransport } from "./xhr-transport.ts";
import { systemClock } from "../../clock/system.ts";
import { OpenLinks } from "../links/open-links.ts";
import { TurnBudget } from "../links/turn-budget.ts";
import { FlushQueue } from "../outbox/flush-queue.ts";

/** The body of an answer that stays open. */
class Answer {
  text = "";
  ended = false;
  held = 0;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The client goes. */
  readonly abort: () => void;

  constructor(reply: HttpReply) {
    this.status = reply.status;
    this.headers = reply.headers;
    this.text = String(reply.body);
    this.ended = reply.stream === undefined;
    const gone = reply.stream?.({
      write: (text) => {
        this.text += String(text);
      },
      end: () => {
        this.ended = true;
      },
      bufferedBytes: () => this.held,
      progress: () => 0,
    });
    this.abort = () => gone?.();
  }

  take(): string {
    const { text } = this;
    this.text = "";
    return text;
  }
}

const path = "/pusher/app/key/12/abcdefgh";
const passedOn: HttpReply = { status: 404, headers: {}, body: "passed on" };

let links: OpenLinks;
let fallback: XhrTransport;
let opened: { readonly how: OpenRequest; readonly to: Link }[];
let received: string[];
let alive: number;
let closed: number;
/** Time that other work has taken, in milliseconds. */
let spentMs: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setImmediate", "setInterval", "clearInterval", "performance"] });
  opened = [];
  received = [];
  alive = 0;
  closed = 0;
  spentMs = 0;
  links = new OpenLinks({
    queue: new FlushQueue(testSettings({ maxOutboxBytes: 1_000 }), systemClock, new TurnBudget(systemClock)),
    turns: new TurnBudget({ monotonicNow: () => systemClock.monotonicNow() + spentMs }),
    clock: systemClock,
    log: silentLog,
  });
  const handlers = {
    maxBodyBytes: 1_000,
    maxMessageBytes: 50,
    http: () => passedOn,
    refusal: (id: string) => ({ status: 413, headers: {}, body: `refused: ${id}` }),
    isFastPath: () => false,
    checkHead: () => ({ ok: true, isSigned: false }) as const,
    isOwnPath: () => true,
    allowsOrigin: (key: string, origin: string) => key === "key" && origin === "https://shop.example",
    open(how: OpenRequest, to: Link) {
      opened.push({ how, to });
      return {
        receive: (text: string) => received.push(text),
        alive: () => (alive += 1),
        closed: () => (closed += 1),
      };
    },
  };
  fallback = new XhrTransport(links, handlers, new SockJs(systemClock, handlers, 5));
});
afterEach(() => {
  vi.useRealTimers();
});

interface RequestOptions extends Partial<HttpRequest> {
  readonly origin?: string | undefined;
}

function plainRequest(action: string, origin?: string): HttpRequest {
  return {
    method: "POST",
    path: `${path}/${action}`,
    query: "protocol=7",
    address: "192.0.2.1",
    secure: false,
    body: new Uint8Array(0),
    header: (name) => (name === "origin" ? origin : undefined),
  };
}

function request(action: string, { origin, ...more }: RequestOptions = {}): Answer {
  const reply = fallback.answer({ ...plainRequest(action, origin), ...more }) ?? passedOn;
  if (reply instanceof Promise) throw new TypeError("Expected an answer, got a promise");
  return new Answer(reply);
}

function send(messages: unknown, more: RequestOptions = {}): Answer {
  return request("xhr_send", { body: new TextEncoder().encode(JSON.stringify(messages)), ...more });
}

/** A request of one of many clients. */
function post(id: number, action: string): Answer {
  return request(action, { path: `/app/key/1/client${id}/${action}` });
}

function exists(id: number): boolean {
  return post(id, "xhr_send").status !== 404;
}

function link(): Link {
  const [first] = opened;
  if (first === undefined) throw new Error("No session opened");
  return first.to;
}

/** The server sends messages, and their turn comes. */
function push(...texts: readonly string[]): void {
  for (const text of texts) link().send(text);
  vi.advanceTimersByTime(1);
}

describe("requests", () => {
  it.each([
    { path: "/app/key/1/a/xhr", opens: true },
    { path: "/pusher/app/key/999/abcdefgh/xhr", opens: true },
    { path: "/a/b/app/key/0/abcdefgh/xhr", opens: true },
    { path: "/app/key/1000/a/xhr", opens: false },
    { path: "/app/key/1/xhr", opens: false },
    { path: "/app/key/1/a/xhr_other", opens: false },
    { path: "/apps/1/channels/xhr", opens: false },
    { path: `/app/key/1/${"a".repeat(65)}/xhr`, opens: false },
  ])("[FALL1] takes $path: $opens", ({ path: other, opens }) => {
    expect(request("", { path: other }).text).toBe(opens ? "o\n" : "passed on");
  });

  it("passes other methods on", () => {
    expect(request("xhr", { method: "GET" }).text).toBe("passed on");
  });

  it("says how the client asked", () => {
    request("xhr", { origin: "https://shop.example", secure: true });
    expect(opened.map((open) => open.how)).toEqual([
      { path: "/app/key", query: "protocol=7", origin: "https://shop.example", address: "192.0.2.1", secure: true },
    ]);
  });

  it.each([
    { origin: undefined, key: "key", allowed: undefined },
    { origin: "https://shop.example", key: "key", allowed: "https://shop.example" },
    { origin: "https://other.example", key: "key", allowed: undefined },
    { origin: "https://shop.example", key: "other", allowed: undefined },
  ])("[FALL6] allows pages of $origin with key $key: $allowed", ({ origin, key, allowed }) => {
    for (const method of ["OPTIONS", "POST"]) {
      const answer = request("", { method, origin, path: `/app/${key}/1/a/xhr_streaming` });
      expect(answer.status).toBe(method === "OPTIONS" ? 204 : 200);
      expect(answer.headers["access-control-allow-origin"]).toBe(allowed);
      expect(answer.headers["vary"]).toBe("origin");
    }
  });
});

describe("sending", () => {
  it("[FALL3] hands each text to the session, in order", () => {
    request("xhr_streaming");
    expect(send(["one", "two"])).toMatchObject({ status: 204, text: "" });
    expect(received).toEqual(["one", "two"]);
  });

  it("[FALL3] takes an empty array as a sign of life, and does not answer it", () => {
    const stream = request("xhr_streaming");
    const before = alive;
    expect(send([]).status).toBe(204);
    expect(alive).toBe(before + 1);
    vi.advanceTimersByTime(1);
    expect(stream.take()).toBe("o\n");
  });

  it.each([
    { what: "an unknown session", body: '["a"]', path: "/app/key/2/b/xhr_send", status: 404 },
    { what: "no JSON", body: "[", path: `${path}/xhr_send`, status: 400 },
    { what: "no array", body: '"a"', path: `${path}/xhr_send`, status: 400 },
    { what: "no texts", body: "[{}]", path: `${path}/xhr_send`, status: 400 },
  ])("[FALL3] answers $what with $status", ({ body, path: to, status }) => {
    request("xhr_streaming");
    const answer = request("", { path: to, body: new TextEncoder().encode(body) });
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(/\n$/);
    expect(received).toEqual([]);
  });

  it("[FALL3] refuses a body that is longer than one read of a WebSocket, and hands on none of it", () => {
    request("xhr_streaming");
    expect(send(["a".repeat(64 * 1_024)]).text).toBe("refused: bodyTooLarge");
    expect(send(Array.from({ length: 6_000 }, () => "a".repeat(10))).text).toBe("refused: bodyTooLarge");
    expect(received).toEqual([]);
    expect(send(["a"]).status).toBe(204);
  });

  it("[FALL3] passes many messages on in slices, those of several requests in order, and answers behind them", async () => {
    request("xhr_streaming");
    const many = Array.from({ length: 1_500 }, (_, index) => `${index}`);
    const bodies = [many, ["last"]].map((messages) => new TextEncoder().encode(JSON.stringify(messages)));
    const replies = bodies.map((body) => fallback.answer({ ...plainRequest("xhr_send"), body }));
    expect(received.length).toBeGreaterThan(100);
    expect(received.length).toBeLessThan(1_500);
    await vi.advanceTimersByTimeAsync(10);
    expect((await Promise.all(replies.map(async (reply) => reply))).map((reply) => reply?.status)).toEqual([204, 204]);
    expect(received).toEqual([...many, "last"]);
  });

  it("[FALL3] passes nothing on in a turn of which other connections have used the time", async () => {
    request("xhr_streaming");
    expect(links.shared.turns.hasTime()).toBe(true);
    spentMs = 2;
    const reply = fallback.answer({ ...plainRequest("xhr_send"), body: new TextEncoder().encode('["one"]') });
    expect(received).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect((await reply)?.status).toBe(204);
    expect(received).toEqual(["one"]);
  });

  it("[FALL4] closes with 1007 on bytes that are not UTF-8", () => {
    const stream = request("xhr_streaming");
    const body = Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d);
    expect(request("xhr_send", { body }).status).toBe(400);
    vi.advanceTimersByTime(1);
    expect(received).toEqual([]);
    expect(stream.take()).toMatch(/c\[1007,"[^"]+"\]\n$/);
  });

  it("[FALL4] closes with 1009 on a message above the limit", () => {
    const stream = request("xhr_streaming");
    send(["a".repeat(50), "é".repeat(26), "later"]);
    vi.advanceTimersByTime(1);
    expect(received).toEqual(["a".repeat(50)]);
    expect(stream.take()).toBe('o\nc[1009,"Message too big"]\n');
  });
});

describe("streaming", () => {
  it("[FALL1] opens, then sends what comes as it comes", () => {
    const stream = request("xhr_streaming");
    push('{"a":1}', "two");
    push("three");
    expect(stream.take()).toBe('o\na["{\\"a\\":1}","two"]\na["three"]\n');
    expect(stream.ended).toBe(false);
  });

  it("[FALL5] goes on with another stream where the first one ended, without opening again", () => {
    const first = request("xhr_streaming");
    push("one");
    first.abort();
    push("two");
    const second = request("xhr_streaming");
    push("three");
    expect([first.take(), second.take()]).toEqual(['o\na["one"]\n', 'a["two"]\na["three"]\n']);
    expect(opened).toHaveLength(1);
  });

  it("ends an older stream that is still there", () => {
    const first = request("xhr_streaming");
    const second = request("xhr_streaming");
    first.abort();
    push("one");
    expect([first.ended, second.take()]).toEqual([true, 'a["one"]\n']);
  });

  it("[FALL5] writes nothing more to a stream that the client is about to drop", () => {
    const first = request("xhr_streaming");
    push("x".repeat(256 * 1_024));
    push("later");
    expect(first.take()).toMatch(/x"\]\n$/);
    const second = request("xhr_streaming");
    expect(second.take()).toBe('a["later"]\n');
  });

  it("sends a heartbeat after 25 seconds of silence", () => {
    const stream = request("xhr_streaming");
    vi.advanceTimersByTime(20_000);
    push("one");
    vi.advanceTimersByTime(24_000);
    expect(stream.take()).toBe('o\na["one"]\n');
    vi.advanceTimersByTime(2_000);
    expect(stream.take()).toBe("h\n");
  });

  it("[FALL4] closes behind what was sent, with code and reason", () => {
    const stream = request("xhr_streaming");
    link().send("one");
    link().close(4200, 'so "long"');
    vi.advanceTimersByTime(1);
    expect(stream.take()).toBe('o\na["one"]\nc[4200,"so \\"long\\""]\n');
    expect([stream.ended, closed]).toEqual([true, 1]);
    expect(send(["a"]).status).toBe(404);
  });
});

describe("polling", () => {
  it("[FALL2] answers the first poll at once, and later ones when something comes", () => {
    expect(request("xhr")).toMatchObject({ text: "o\n", ended: true });
    const poll = request("xhr");
    expect(poll).toMatchObject({ text: "", ended: false });
    push("one", "two");
    expect(poll).toMatchObject({ text: 'a["one","two"]\n', ended: true });
  });

  it("[FALL2] keeps what comes between two polls", () => {
    request("xhr");
    push("one");
    push("two");
    expect(request("xhr")).toMatchObject({ text: 'a["one","two"]\n', ended: true });
  });

  it("[FALL4] hands on a close at the next poll", () => {
    request("xhr");
    link().close(4001, "no");
    vi.advanceTimersByTime(1);
    expect(closed).toBe(0);
    expect(request("xhr")).toMatchObject({ text: 'c[4001,"no"]\n', ended: true });
    expect(closed).toBe(1);
  });

  it("ends a poll with a heartbeat", () => {
    request("xhr");
    const poll = request("xhr");
    vi.advanceTimersByTime(26_000);
    expect(poll).toMatchObject({ text: "h\n", ended: true });
    expect(closed).toBe(0);
  });
});

describe("clients that go", () => {
  it("[FALL7] gives up a client that stays away for 10 seconds", () => {
    const stream = request("xhr_streaming");
    stream.abort();
    vi.advanceTimersByTime(9_000);
    expect(closed).toBe(0);
    vi.advanceTimersByTime(2_000);
    expect(closed).toBe(1);
    expect(send(["a"]).status).toBe(404);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("[CLOSE4] closes one whose messages pile up between polls", () => {
    request("xhr");
    push("x".repeat(600));
    expect(links.shared.queue.bufferedBytes()).toBeGreaterThan(600);
    push("x".repeat(600));
    vi.advanceTimersByTime(1_200);
    expect(request("xhr").text.slice(-80)).toMatch(/c\[4101,"[^"]+"\]\n$/);
    expect(links.shared.queue.bufferedBytes()).toBe(0);
  });

  it("[CLOSE4] closes one that does not read its stream", () => {
    const stream = request("xhr_streaming");
    stream.held = 1_001;
    push("x");
    vi.advanceTimersByTime(1_200);
    expect(stream.text).toMatch(/c\[4101,"[^"]+"\]\n$/);
    expect(closed).toBe(1);
  });
});

it("[FALL7] of more than 5,000 absent sessions, the one ends whose client has been away for the longest", () => {
  const stream = post(5_001, "xhr_streaming");
  for (let id = 0; id < 5_000; id += 1) post(id, "xhr");
  expect(closed).toBe(0);
  // A client that has polled again has been away since then.
  post(0, "xhr");
  opened[1]?.to.send("x");
  vi.advanceTimersByTime(1);
  post(5_000, "xhr");
  expect([closed, exists(0), exists(1), exists(2), exists(5_001)]).toEqual([1, true, false, true, true]);
  stream.abort();
  expect([closed, exists(0), exists(2), exists(3), exists(5_001)]).toEqual([2, true, false, true, true]);
});
