import { entryTypes } from "@sealcast/server/console";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { toggled } from "../shell/toggled.ts";
import { entryKinds } from "./entry-kinds.ts";
import { shownTypes } from "./live-log.ts";

/** A menu of the types of entries. It closes when the focus leaves it, and on Escape. */
export function TypeMenu(): VNode {
  const menu = useRef<HTMLDetailsElement>(null);
  const all = shownTypes.value.size === entryTypes.length;

  function close(): void {
    if (menu.current !== null) menu.current.open = false;
  }
  function closeOnEscape({ key }: KeyboardEvent): void {
    if (key !== "Escape") return;
    close();
    menu.current?.querySelector("summary")?.focus();
  }
  function closeOutside({ relatedTarget }: FocusEvent): void {
    if (!(relatedTarget instanceof Node && menu.current?.contains(relatedTarget) === true)) close();
  }

  return (
    <details class="menu" ref={menu} onKeyDown={closeOnEscape} onFocusOut={closeOutside}>
      <summary>
        Log types <span class="count">{all ? "all" : shownTypes.value.size}</span>
      </summary>
      {/* Takes the focus, so that a click between the boxes does not close the menu. */}
      <div class="menu-items" tabIndex={-1}>
        <p class="hint">The server sends only the selected types.</p>
        <label>
          <input type="checkbox" checked={all} onChange={() => (shownTypes.value = new Set(all ? [] : entryTypes))} />
          Toggle all
        </label>
        {entryTypes.map((type) => (
          <label key={type}>
            <input
              type="checkbox"
              checked={shownTypes.value.has(type)}
              onChange={() => (shownTypes.value = toggled(shownTypes.value, type))}
            />
            <span class={`badge ${entryKinds[type].tone}`}>{entryKinds[type].label}</span>
          </label>
        ))}
      </div>
    </details>
  );
}
