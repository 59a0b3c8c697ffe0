import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Machine, wsOnly } from "../testing/step-machine.ts";
import type { PlannedTransport } from "./transport-plan.ts";

const withFallback: readonly PlannedTransport[] = [
  { name: "ws", afterMs: 0 },
  { name: "xhr_streaming", afterMs: 2_000 },
  { name: "xhr_polling", afterMs: 6_000 },
];

/** A machine that is connected, its trace empty. */
function online(plan?: readonly PlannedTransport[]): Machine {
  const machine = new Machine(plan).on("connect").establish();
  machine.trace();
  return machine;
}

const both = (code: number): string[] => [`error PusherError ${code} why`, `error WebSocketError ${code} why`];

describe("connecting", () => {
  test("opens a socket and waits for the handshake", () => {
    const machine = new Machine().on("connect");
    expect(machine.trace()).toEqual(["open ws", "connecting"]);
    expect(machine.establish().trace()).toEqual(["connected"]);
    expect(machine.state.phase).toMatchObject({ at: "online", socketId: "1.1", activityTimeout: 120_000 });
  });

  test("does nothing when it is done or under way", () => {
    expect(online().on("connect").trace()).toEqual([]);
    const machine = new Machine().on("connect");
    machine.trace();
    expect(machine.on("connect").trace()).toEqual([]);
  });

  test("fails if no transport can be used", () => {
    expect(new Machine([]).on("connect").trace()).toEqual(["failed"]);
  });

  test("is called unavailable after 10 seconds, and goes on", () => {
    const machine = new Machine().on("connect");
    machine.trace();
    expect(machine.pass(9_999).trace()).toEqual([]);
    expect(machine.pass(1).trace()).toEqual(["unavailable"]);
    // The attempt ends after 15 seconds, the next begins a second later, without another "connecting".
    expect(machine.pass(6_000).trace()).toEqual([
      "error WebSocketError 1006 No answer in time",
      "close",
      "connecting_in 1",
      "open ws",
    ]);
    expect(machine.establish().trace()).toEqual(["connected"]);
  });

  test("tries again after pauses that grow, at 0, 16, 48 and 112 seconds where nobody answers", () => {
    const machine = new Machine().on("connect");
    const opened: number[] = [0];
    for (let second = 1; second <= 120; second += 1) {
      machine.trace();
      if (machine.pass(1_000).trace().includes("open ws")) opened.push(second);
    }
    expect(opened).toEqual([0, 16, 48, 112]);
  });

  test.each(["pusher:ping", "news", ""])("refuses %j as the first message, and tries again", (event) => {
    const machine = new Machine().on("connect");
    machine.trace();
    expect(machine.hear(event).trace()).toEqual([
      "close",
      'error {"type":"HandshakeError","error":"Invalid handshake"}',
      "error WebSocketError 1006 The server does not speak the Channels protocol",
      "connecting_in 1",
    ]);
    expect(machine.pass(1_000).trace()).toEqual(["open ws"]);
  });

  test.each([[null], ["text"], [{}], [{ socket_id: 7 }], [[1]]])("refuses a handshake of %j", (data) => {
    const machine = new Machine().on("connect");
    machine.trace();
    expect(machine.hear("pusher:connection_established", data).trace()).toContain(
      'error {"type":"HandshakeError","error":"Invalid handshake"}',
    );
  });

  test.each([
    [60, 60_000],
    [120, 120_000],
    [500, 120_000],
    [0, 120_000],
    [undefined, 120_000],
    ["x", 120_000],
  ])("takes activity_timeout %j for %i ms of silence", (seconds, ms) => {
    const machine = new Machine().on("connect");
    machine.hear("pusher:connection_established", { socket_id: "1.1", activity_timeout: seconds });
    expect(machine.state.phase).toMatchObject({ activityTimeout: ms });
  });

  test.each([
    [4001, ["disconnected"]],
    [4100, ["connecting_in 1"]],
    [4200, []],
    [null, ["connecting_in 1"]],
  ])("takes an error of code %j as the server's answer", (code, after) => {
    const machine = new Machine().on("connect");
    machine.trace();
    const trace = machine.hear("pusher:error", { code, message: "why" }).trace();
    expect(trace.slice(0, 2)).toEqual(["close", both(code ?? 4100)[1]]);
    expect(trace.slice(2)).toEqual(after);
  });

  test("goes over to TLS where the server asks for it, once", () => {
    const machine = new Machine().on("connect");
    machine.close(4000);
    machine.trace();
    expect(machine.pass(0).trace()).toEqual(["open wss"]);
    machine.close(4000);
    machine.trace();
    expect(machine.pass(999).trace()).toEqual([]);
    expect(machine.pass(1_001).trace()).toEqual(["open wss"]);
  });
});

describe("transports", () => {
  test("have their turns while those before them hang, and the first to connect wins", () => {
    const machine = new Machine(withFallback).on("connect");
    machine.trace();
    expect(machine.pass(2_000).trace()).toEqual(["open xhr_streaming"]);
    expect(machine.pass(4_000).trace()).toEqual(["open xhr_polling"]);
    expect(machine.establish(2).trace()).toEqual(["close", "close", "connected"]);
    expect([...machine.sockets]).toEqual([2]);
  });

  test("have their turn at once when one fails, and a pause when all have failed", () => {
    const machine = new Machine(withFallback).on("connect");
    machine.trace();
    expect(machine.close(1006).trace()).toEqual(["open xhr_streaming"]);
    expect(machine.close(1006).trace()).toEqual(["open xhr_polling"]);
    expect(machine.close(1006).trace()).toEqual(["error WebSocketError 1006", "connecting_in 1"]);
    expect(machine.pass(1_000).trace()).toEqual(["open ws"]);
  });

  test("that fail while others are under way end nothing", () => {
    const machine = new Machine(withFallback).on("connect").pass(6_000);
    machine.trace();
    expect(machine.close(1006, 1).trace()).toEqual([]);
    expect(machine.close(1006, 3).trace()).toEqual([]);
    expect(machine.establish(2).trace()).toEqual(["connected"]);
  });

  test("that the server refuses with a code of its own end the round", () => {
    const machine = new Machine(withFallback).on("connect").pass(2_000);
    machine.trace();
    expect(machine.close(4001, 1).trace()).toEqual([both(4001)[1], "close", "disconnected"]);
  });
});

describe("a close of the connection", () => {
  test.each([
    [1000, ["connecting_in 1", "connecting"]],
    [1001, ["connecting_in 1", "connecting"]],
    [1006, ["error PusherError 1006", "connecting_in 1", "connecting"]],
    [4100, [...both(4100), "connecting_in 1", "connecting"]],
    [4200, [...both(4200), "connecting"]],
    [4001, [...both(4001), "disconnected"]],
    [4301, [...both(4301), "disconnected"]],
  ])("with %i", (code, trace) => {
    expect(online().close(code).trace()).toEqual(trace);
  });

  test("is shown at once, and as unavailable after 10 seconds, however often attempts succeed for a moment", () => {
    const machine = online();
    for (let cut = 1; cut <= 6; cut += 1) {
      machine.close(1006);
      expect(machine.state.shown).toBe("connecting");
      const pause = (machine.alarmAt ?? NaN) - machine.now;
      machine.pass(Math.min(pause, 9_999));
      expect(machine.state.shown).toBe("connecting");
      machine.pass(1);
      expect(machine.state.shown).toBe(pause < 9_999 ? "connecting" : "unavailable");
      machine.pass(pause).establish();
      expect(machine.state.shown).toBe("connected");
    }
  });

  test("that comes again and again leads to longer pauses, and to short ones after a lasting connection", () => {
    const machine = online();
    const pauses: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      machine.close(4200);
      const pause = (machine.alarmAt ?? NaN) - machine.now;
      pauses.push(pause);
      machine.pass(pause).establish();
    }
    machine.pass(10_000).close(4200);
    pauses.push((machine.alarmAt ?? NaN) - machine.now);
    // The last connection lasted 10 seconds, so it does not count as a failure.
    expect(pauses).toEqual([0, 2_000, 4_000, 8_000, 0]);
  });

  test("of a socket that was given up means nothing", () => {
    const machine = online();
    expect(machine.close(1006, 99).trace()).toEqual([]);
    expect(machine.hear("news", {}, 99).trace()).toEqual([]);
  });
});

describe("silence", () => {
  test("of two minutes leads to a ping, and no answer in 30 seconds to a new connection", () => {
    const machine = online();
    expect(machine.pass(119_999).trace()).toEqual([]);
    expect(machine.pass(1).trace()).toEqual(["ping"]);
    expect(machine.pass(29_999).trace()).toEqual([]);
    expect(machine.pass(1).trace()).toEqual(["close", "connecting", "open ws"]);
  });

  test("is broken by any message", () => {
    const machine = online().pass(100_000).hear("news");
    machine.trace();
    expect(machine.pass(119_999).trace()).toEqual([]);
    expect(machine.pass(1).trace()).toEqual(["ping"]);
    machine.pass(10_000).hear("pusher:pong");
    machine.trace();
    expect(machine.pass(119_999).trace()).toEqual([]);
    expect(machine.pass(1).trace()).toEqual(["ping"]);
  });

  test("after a wake-up is found out in 5 seconds", () => {
    const machine = online().pass(1_000);
    expect(machine.on("back").trace()).toEqual(["ping"]);
    expect(machine.pass(5_000).trace()).toEqual(["close", "connecting", "open ws"]);
    const answered = online().pass(1_000).on("lost").pass(10).hear("pusher:pong");
    answered.trace();
    expect(answered.pass(100_000).trace()).toEqual([]);
  });
});

describe("a network that is back", () => {
  test("ends a pause", () => {
    const machine = online().close(1006);
    machine.trace();
    expect(machine.on("back").trace()).toEqual(["open ws"]);
  });

  test("ends an attempt that began without it", () => {
    const machine = new Machine().on("connect").pass(11_000);
    machine.trace();
    expect(machine.on("back").trace()).toEqual(["close", "open ws", "connecting"]);
  });

  test("does not connect a client that was disconnected by its user", () => {
    expect(online().on("disconnect").on("back").on("lost").trace().slice(2)).toEqual([]);
  });
});

describe("messages", () => {
  test.each([
    ["news", {}, ["deliver news"]],
    ["pusher:ping", {}, ["pong", "deliver pusher:ping"]],
    [
      "pusher:error",
      { code: 4301, message: "m" },
      ['error {"type":"PusherError","data":{"code":4301,"message":"m"}}', "deliver pusher:error"],
    ],
  ])("%s", (event, data, trace) => {
    expect(online().hear(event, data).trace()).toEqual(trace);
  });
});

test("disconnecting closes everything at any point", () => {
  expect(online().on("disconnect").trace()).toEqual(["close", "disconnected"]);
  expect(new Machine(withFallback).on("connect").pass(3_000).on("disconnect").trace().slice(-3)).toEqual([
    "close",
    "close",
    "disconnected",
  ]);
  expect(new Machine().on("disconnect").trace()).toEqual(["disconnected"]);
});

test("restarting moves to another address, and connects a client that is not connected", () => {
  expect(online().on("restart").trace()).toEqual(["close", "open ws", "connecting"]);
  expect(new Machine().on("restart").trace()).toEqual(["open ws", "connecting"]);
});

test("in every order of inputs, no socket leaks, and a client that should be connected is always connecting", () => {
  const shownIn = {
    idle: ["initialized", "disconnected", "failed"],
    trying: ["connecting", "unavailable"],
    waiting: ["connecting", "unavailable"],
    online: ["connected"],
  };
  const acts = fc.oneof(
    fc
      .constantFrom("connect", "disconnect", "restart", "back", "lost")
      .map((on) => (machine: Machine) => machine.on(on)),
    fc.nat({ max: 200_000 }).map((ms) => (machine: Machine) => machine.pass(ms)),
    fc.tuple(fc.nat({ max: 12 }), fc.integer({ min: 1000, max: 4400 })).map(
      ([socket, code]) =>
        (machine: Machine) =>
          machine.sockets.has(socket)
            ? machine.close(code, socket)
            : machine.give({ on: "closed", socket, code, reason: "" }),
    ),
    fc.tuple(fc.nat({ max: 12 }), fc.constantFrom("pusher:connection_established", "pusher:error", "news")).map(
      ([socket, event]) =>
        (machine: Machine) =>
          machine.hear(event, { socket_id: "1.1", activity_timeout: 30, code: 4100 }, socket),
    ),
  );
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 60 }), fc.constantFrom(wsOnly, withFallback), (list, plan) => {
      const machine = new Machine(plan);
      for (const act of list) {
        act(machine);
        const { phase } = machine.state;
        const known = phase.at === "trying" ? [...phase.open] : phase.at === "online" ? [phase.socket] : [];
        expect(machine.sockets).toEqual(new Set(known));
        expect(machine.alarmAt === undefined).toBe(phase.at === "idle");
        expect(shownIn[phase.at]).toContain(machine.state.shown);
      }
    }),
    { numRuns: 500 },
  );
});
