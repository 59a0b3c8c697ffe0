import type { Rows } from "@sealcast/server/console";
import type { VNode } from "preact";
import { countText } from "./number-text.ts";

/** Says that a list has more rows than it shows; nothing if it shows all of them. */
export function Excess({ list, noun }: { readonly list: Rows<unknown>; readonly noun: string }): VNode | null {
  const { rows, total } = list;
  if (total <= rows.length) return null;
  return (
    <p class="hint">
      The first {countText(rows.length)} of {countText(total)} {noun}. Type to find others.
    </p>
  );
}
