import { unrefTimer } from "../unref-timer.ts";

/** How often the clock is read, and a jump of it that means that the device was asleep, in milliseconds. */
const tickMs = 5_000;
const jumpMs = 15_000;

/**
 * Watches the device: reports `back` when it comes online, wakes up or shows the page again, because an old connection may
 * then be dead without a close; and `lost` when it goes offline.
 *
 * @returns a function that stops watching.
 */
export function watchNetwork(changed: (is: "back" | "lost") => void): () => void {
  const document = globalThis.document as Document | undefined;
  const isShown = (): boolean => document?.visibilityState !== "hidden";
  const back = (): void => void (isShown() && changed("back"));
  const lost = (): void => changed("lost");
  // React Native has neither of these event targets, and Node.js has no such events: there, only the clock is watched.
  // Listeners are removed one by one: with jsdom, `document` may not know the `AbortSignal` of Node.js.
  const forEachEvent = (action: "addEventListener" | "removeEventListener"): void => {
    const target = globalThis as unknown as Partial<Window>;
    target[action]?.("online", back);
    target[action]?.("offline", lost);
    document?.[action]("visibilitychange", back);
  };
  forEachEvent("addEventListener");

  let lastTick = Date.now();
  const ticks = setInterval(() => {
    // The clock of a hidden page jumps often, as browsers slow down its timers: `back` ignores hidden pages.
    if (Date.now() - lastTick > jumpMs) back();
    lastTick = Date.now();
  }, tickMs);
  unrefTimer(ticks);

  return () => {
    forEachEvent("removeEventListener");
    clearInterval(ticks);
  };
}
