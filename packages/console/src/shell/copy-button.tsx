import type { VNode } from "preact";
import { showToast } from "./toast.tsx";

/** A button that copies a text. */
export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }): VNode {
  return (
    <button type="button" class="small copy" aria-label={label} onClick={() => void copy(text)}>
      Copy
    </button>
  );
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast("Copied");
  } catch {
    showToast("The browser did not allow copying. Select the text instead.", true);
  }
}
