import { letGo } from "../let-go.ts";

/** How often the clock is looked at, and a jump of it that can only mean a sleeping device, in milliseconds. */
const tickMs = 5_000;
const jumpMs = 15_000;

/**
 * Watches the device that this runs on: `back` when it comes online, wakes up or shows the page again, so that an old
 * connection may be dead without anybody having said so; `lost` when it goes offline.
 *
 * @returns how to stop.
 */
export function watchNetwork(changed: (is: "back" | "lost") => void): () => void {
  const stop = new AbortController();
  const document = globalThis.document as Document | undefined;
  const isShown = (): boolean => document?.visibilityState !== "hidden";
  const back = (): void => void (isShown() && changed("back"));
  // React Native has neither of these event targets, and Node.js has no such events: there, the clock alone tells.
  const listen = globalThis.addEventListener as typeof globalThis.addEventListener | undefined;
  const { signal } = stop;
  listen?.("online", back, { signal });
  listen?.("offline", () => changed("lost"), { signal });
  document?.addEventListener("visibilitychange", back, { signal });

  let lastTick = Date.now();
  const ticks = setInterval(() => {
    // The clock of a hidden page jumps all the time, as browsers slow its timers down: `back` looks at that.
    if (Date.now() - lastTick > jumpMs) back();
    lastTick = Date.now();
  }, tickMs);
  letGo(ticks);

  return () => {
    stop.abort();
    clearInterval(ticks);
  };
}
