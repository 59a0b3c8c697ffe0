import type { VNode } from "preact";

/** Why something did not work, announced by screen readers; nothing if `text` is undefined. */
export function Problem({ text }: { readonly text: string | undefined }): VNode | null {
  if (text === undefined) return null;
  return (
    <p class="problem" role="alert">
      {text}
    </p>
  );
}
