import type { ComponentChildren, VNode } from "preact";

/** What a page shows when it has nothing to show, with what to do next. */
export function EmptyState({ title, children }: { title: string; children: ComponentChildren }): VNode {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <div>{children}</div>
    </div>
  );
}
