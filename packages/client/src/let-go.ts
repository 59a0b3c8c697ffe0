/** In Node.js, a timer that nobody needs to wait for must not keep the process alive; other runtimes have no such call. */
export function letGo(timer: unknown): void {
  (timer as { readonly unref?: () => void }).unref?.();
}
