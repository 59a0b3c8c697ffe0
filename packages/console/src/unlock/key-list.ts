import { signal } from "@preact/signals";
import type { UnlockedKey } from "./key-text.ts";

/** Master keys that the operator has typed into this page. They live in its memory only and leave it with the page. */
export const keys = signal<readonly UnlockedKey[]>([]);

/** How many keys are unlocked. */
export function unlockedKeyCount(): number {
  return keys.value.length;
}
