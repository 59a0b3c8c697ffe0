import { signal } from "@preact/signals";
import type { VNode } from "preact";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly failed: boolean;
}

const toasts = signal<readonly Toast[]>([]);
const shownMs = 5_000;
let lastId = 0;

/** Shows a short message for five seconds; screen readers read it aloud. */
export function showToast(text: string, failed = false): void {
  lastId += 1;
  const toast = { id: lastId, text, failed };
  toasts.value = [...toasts.value, toast];
  setTimeout(() => (toasts.value = toasts.value.filter((other) => other !== toast)), shownMs);
}

/** Where short messages appear. */
export function Toasts(): VNode {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, failed }) => (
        <p key={id} class={failed ? "toast failed" : "toast"}>
          {text}
        </p>
      ))}
    </div>
  );
}
