/** Lets Node.js exit while this timer is pending. Does nothing in other runtimes, whose timers have no `unref`. */
export function unrefTimer(timer: unknown): void {
  (timer as { readonly unref?: () => void }).unref?.();
}
