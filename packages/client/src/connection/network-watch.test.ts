import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { watchNetwork } from "./network-watch.ts";

let page: EventTarget & { visibilityState: string };
let told: string[];
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A browser: a window and a document. */
function openPage(): EventTarget {
  const window = new EventTarget();
  page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
  return window;
}

describe("in a page", () => {
  test("tells of the network, and of the page being shown again", () => {
    const window = openPage();
    const stop = watchNetwork((is) => told.push(is));
    window.dispatchEvent(new Event("offline"));
    window.dispatchEvent(new Event("online"));
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    expect(told).toEqual(["lost", "back"]);
    page.visibilityState = "visible";
    page.dispatchEvent(new Event("visibilitychange"));
    expect(told).toEqual(["lost", "back", "back"]);
    stop();
    window.dispatchEvent(new Event("online"));
    page.dispatchEvent(new Event("visibilitychange"));
    expect(told).toHaveLength(3);
  });

  test("does not take the slow timers of a hidden page for sleep", () => {
    openPage();
    page.visibilityState = "hidden";
    watchNetwork((is) => told.push(is));
    vi.setSystemTime(Date.now() + 60_000);
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual([]);
  });
});

describe("without a page", () => {
  test("tells by the clock that the device has slept", () => {
    const stop = watchNetwork((is) => told.push(is));
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual(["back"]);
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(["back"]);
    stop();
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(["back"]);
  });

  test("runs where there are no events at all", () => {
    vi.stubGlobal("addEventListener", undefined);
    expect(watchNetwork(() => {})).toBeTypeOf("function");
  });
});
