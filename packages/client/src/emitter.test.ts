import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Emitter } from "./emitter.ts";

/** Collects what listeners are called with. */
function recorder(): { readonly calls: unknown[][]; readonly as: (name: string) => (...values: unknown[]) => void } {
  const calls: unknown[][] = [];
  return {
    calls,
    as:
      (name) =>
      (...values) =>
        void calls.push([name, ...values]),
  };
}

describe("listeners", () => {
  test("run in the order of binding, global ones first, twice where bound twice", () => {
    const { calls, as } = recorder();
    const emitter = new Emitter();
    const first = as("first");
    emitter.bind("e", first).bind("e", as("second")).bind("e", first).bind_global(as("global"));
    emitter.emit("e", 1, {});
    expect(calls).toEqual([
      ["global", "e", 1],
      ["first", 1, {}],
      ["second", 1, {}],
      ["first", 1, {}],
    ]);
  });

  test.each([
    [["data"], ["data"]],
    [[0], []],
    [[""], []],
    [[null], []],
    [[undefined], []],
    [
      [0, {}],
      [0, {}],
    ],
    [
      [undefined, { user_id: "u" }],
      [undefined, { user_id: "u" }],
    ],
  ])("emit(name, ...%j) calls with %j", (emitted, received) => {
    const { calls, as } = recorder();
    new Emitter().bind("e", as("it")).emit("e", emitted[0], emitted[1] as object | undefined);
    expect(calls).toEqual([["it", ...received]]);
  });

  test("get their context, or the global object, as this", () => {
    const seen: unknown[] = [];
    const context = {};
    function listen(this: unknown): void {
      seen.push(this);
    }
    new Emitter().bind("e", listen, context).bind("e", listen).emit("e");
    expect(seen).toEqual([context, globalThis]);
  });

  test("that throw stop the rest of one event, not the next event", () => {
    const { calls, as } = recorder();
    const emitter = new Emitter();
    emitter.bind("e", as("before"));
    emitter.bind("e", () => {
      throw new Error("mine");
    });
    emitter.bind("e", as("after")).bind("f", as("other"));
    expect(() => emitter.emit("e")).toThrow("mine");
    emitter.emit("f");
    expect(calls).toEqual([["before"], ["other"]]);
  });

  test("that are bound during an event are called, and those that are unbound are called a last time", () => {
    const { calls, as } = recorder();
    const emitter = new Emitter();
    const leaver = as("leaver");
    emitter.bind("e", () => emitter.bind("e", as("late")).unbind("e", leaver));
    emitter.bind("e", leaver);
    emitter.emit("e");
    expect(calls).toEqual([["leaver"], ["late"]]);
  });

  test("are found by names that objects have by themselves", () => {
    const { calls, as } = recorder();
    const emitter = new Emitter();
    for (const name of ["constructor", "__proto__", "toString"]) {
      emitter.emit(name);
      emitter.bind(name, as(name)).emit(name);
    }
    expect(calls).toEqual([["constructor"], ["__proto__"], ["toString"]]);
  });
});

describe("unbind", () => {
  const context = { name: "context" };
  const calls: string[] = [];
  function a(this: unknown, event: string): void {
    calls.push(this === context ? `a on ${event} with context` : `a on ${event}`);
  }
  function b(event: string): void {
    calls.push(`b on ${event}`);
  }

  test.each([
    ["()", [], []],
    ["(event)", ["e"], ["a on f"]],
    ["(event, callback)", ["e", a], ["b on e", "a on f"]],
    ["(null, callback)", [null, a], ["b on e"]],
    ["(null, null, context)", [null, null, context], ["a on e", "b on e", "a on f"]],
    ["(event, callback, context)", ["e", a, context], ["a on e", "b on e", "a on f"]],
    ["(an event without listeners)", ["g"], ["a on e", "b on e", "a on e with context", "a on f"]],
  ] as const)("%s", (_, given, left) => {
    calls.length = 0;
    const emitter = new Emitter();
    emitter.bind("e", a).bind("e", b).bind("e", a, context).bind("f", a);
    emitter.unbind(...(given as unknown as Parameters<Emitter["unbind"]>));
    emitter.emit("e", "e").emit("f", "f");
    expect(calls).toEqual(left);
  });

  test("leaves global listeners, which have their own ways out", () => {
    calls.length = 0;
    const emitter = new Emitter();
    emitter.bind_global(a).bind_global(b).unbind().emit("e");
    emitter.unbind_global(b).emit("f");
    emitter.bind("g", a).unbind_all().emit("g", "g");
    expect(calls).toEqual(["a on e", "b on e", "a on f"]);
  });
});

test("any sequence of binding and unbinding leaves what a plain list would", () => {
  const names = fc.constantFrom("e", "f");
  const ids = fc.constantFrom(0, 1, 2);
  const acts = fc.array(
    fc.oneof(
      fc.record({ act: fc.constant("bind" as const), name: names, id: ids }),
      fc.record({ act: fc.constant("unbind" as const), name: fc.option(names), id: fc.option(ids) }),
    ),
  );
  fc.assert(
    fc.property(acts, (list) => {
      const received: string[] = [];
      const callbacks = [0, 1, 2].map(
        (id) =>
          (name: string): void =>
            void received.push(`${name}${id}`),
      );
      const emitter = new Emitter();
      let model: string[] = [];
      for (const { act, name, id } of list) {
        if (act === "bind") {
          emitter.bind(name, callbacks[id] ?? (() => {}));
          model.push(`${name}${id}`);
        } else {
          emitter.unbind(name, id === null ? null : callbacks[id]);
          model = model.filter(
            (bound) => (name !== null && bound[0] !== name) || (id !== null && bound[1] !== String(id)),
          );
        }
      }
      emitter.emit("e", "e").emit("f", "f");
      expect(received).toEqual([
        ...model.filter((bound) => bound[0] === "e"),
        ...model.filter((bound) => bound[0] === "f"),
      ]);
    }),
  );
});
