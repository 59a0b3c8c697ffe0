import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { watchNetwork } from "./network-watch.ts";

let page: EventTarget & { visibilityState: string };
let reports: string[];
beforeEach(() => {
  vi.useFakeTimers();
  reports = [];
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
  vi.stubGlobal("removeEventListener", window.removeEventListener.bind(window));
  return window;
}

describe("in a page", () => {
  test("reports changes of the network, and that the page is shown again", () => {
    const window = openPage();
    const stop = watchNetwork((is) => reports.push(is));
    window.dispatchEvent(new Event("offline"));
    window.dispatchEvent(new Event("online"));
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    expect(reports).toEqual(["lost", "back"]);
    page.visibilityState = "visible";
    page.dispatchEvent(new Event("visibilitychange"));
    expect(reports).toEqual(["lost", "back", "back"]);
    stop();
    window.dispatchEvent(new Event("online"));
    page.dispatchEvent(new Event("visibilitychange"));
    expect(reports).toHaveLength(3);
  });

  test("does not mistake the slow timers of a hidden page for sleep", () => {
    openPage();
    page.visibilityState = "hidden";
    watchNetwork((is) => reports.push(is));
    vi.setSystemTime(Date.now() + 60_000);
    vi.advanceTimersByTime(5_000);
    expect(reports).toEqual([]);
  });
});

test("a document that does not know the AbortSignal of the runtime, such as jsdom's, is watched, too", () => {
  openPage();
  const addEventListener = page.addEventListener.bind(page);
  page.addEventListener = (name, listener, options) => {
    if (typeof options === "object" && options.signal) throw new TypeError("member 'signal' is not an AbortSignal");
    addEventListener(name, listener, options);
  };
  const stop = watchNetwork((is) => reports.push(is));
  page.dispatchEvent(new Event("visibilitychange"));
  stop();
  page.dispatchEvent(new Event("visibilitychange"));
  expect(reports).toEqual(["back"]);
});

describe("without a page", () => {
  test("detects by the clock that the device was asleep", () => {
    const stop = watchNetwork((is) => reports.push(is));
    vi.advanceTimersByTime(60_000);
    expect(reports).toEqual([]);
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(5_000);
    expect(reports).toEqual(["back"]);
    vi.advanceTimersByTime(60_000);
    expect(reports).toEqual(["back"]);
    stop();
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(60_000);
    expect(reports).toEqual(["back"]);
  });

  test("runs without any event target", () => {
    vi.stubGlobal("addEventListener", undefined);
    expect(watchNetwork(() => {})).toBeTypeOf("function");
  });
});
