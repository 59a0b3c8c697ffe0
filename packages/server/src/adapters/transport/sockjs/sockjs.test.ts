import { FakeClock, FakeLink } from "@sealcast/server-testing";
import { beforeEach, describe, expect, it } from "vitest";
import type { Link, LinkEvents, OpenRequest } from "../../../ports/transport.ts";
import { heartbeatMs } from "../links/heartbeat.ts";
import { SockJs } from "./sockjs.ts";

const waitSeconds = 5;
const asked = { query: "", origin: "https://shop.example", address: "192.0.2.1", secure: true };
const pathFrame = JSON.stringify(['{"path":"/app/key?protocol=7"}']);

let clock: FakeClock;
let socket: FakeLink;
let opened: { readonly request: OpenRequest; readonly link: Link }[];
let seen: string[];
beforeEach(() => {
  clock = new FakeClock();
  socket = new FakeLink();
  opened = [];
  seen = [];
});

function open(path = "/pusher/000/session/websocket"): LinkEvents {
  const session: LinkEvents = {
    receive: (text) => seen.push(text),
    alive: () => seen.push("alive"),
    closed: (reason) => seen.push(`closed ${reason?.code}`),
  };
  const handlers = {
    open(request: OpenRequest, link: Link): LinkEvents {
      opened.push({ request, link });
      return session;
    },
  };
  return new SockJs(clock, handlers, waitSeconds).open({ ...asked, path }, socket);
}

describe("a WebSocket of SockJS", () => {
  it("[FALL10] gets a heartbeat every 25 seconds, until it ends", () => {
    const events = open();
    events.receive(pathFrame);
    clock.advance(2 * heartbeatMs);
    expect(socket.texts).toEqual(["o", "h", "h"]);
    events.closed();
    clock.advance(heartbeatMs);
    expect(socket.texts).toEqual(["o", "h", "h"]);
    expect(clock.timers).toBe(0);
  });

  it("[FALL9] opens the session of an app with its path, and passes everything else on", () => {
    const events = open();
    events.alive();
    events.receive(pathFrame);
    expect(opened.map(({ request }) => request)).toEqual([{ ...asked, path: "/app/key", query: "protocol=7" }]);
    events.receive('["a","b"]');
    events.receive("");
    events.alive();
    events.closed();
    events.closed();
    expect(seen).toEqual(["a", "b", "alive", "alive", "closed undefined"]);
  });

  it("[FALL9] is closed if its path does not come in time, and is then not listened to", () => {
    const events = open();
    clock.advance(waitSeconds * 1_000 - 1);
    expect(socket.ended).toBeUndefined();
    clock.advance(1);
    expect(socket.ended).toMatchObject({ code: 4104 });
    events.receive(pathFrame);
    events.closed();
    expect([opened, seen, clock.timers]).toEqual([[], [], 0]);
  });

  it("[FALL10] tells the session why it closes a client that sends no list, and passes on nothing after it", () => {
    const events = open();
    events.receive(pathFrame);
    events.receive("{}");
    events.receive('["later"]');
    events.closed();
    expect(seen).toEqual(["closed 1007"]);
    expect(socket.texts.at(-1)).toBe('c[1007,"Expected a JSON array of texts"]');
    expect(socket.ended).toEqual({ code: 1007, reason: "Expected a JSON array of texts" });
  });

  it("[FALL10] passes on no message of a frame that comes after the one for which the session closed", () => {
    const events = open();
    events.receive(pathFrame);
    opened[0]?.link.close(4200, "bye");
    events.receive('["later"]');
    expect(seen).toEqual([]);
    opened[0]?.link.send("later");
    expect(socket.texts).toEqual(["o", 'c[4200,"bye"]']);
  });
});

it("other WebSockets are passed on as they are", () => {
  open("/app/key").receive("x");
  expect(opened).toEqual([{ request: { ...asked, path: "/app/key" }, link: socket }]);
  expect(seen).toEqual(["x"]);
  expect([socket.texts, clock.timers]).toEqual([[], 0]);
});
