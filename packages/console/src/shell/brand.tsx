import type { VNode } from "preact";

/** The product's name as it appears in the page. */
export function Brand(): VNode {
  return (
    <span class="brand">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 2 4 6v6c0 5 3.4 8.6 8 10 4.6-1.4 8-5 8-10V6z" />
        <path class="wave" d="M8.5 12a3.5 3.5 0 0 1 7 0M10.5 14.5h3" />
      </svg>
      <span class="brand-name">Sealcast</span>
    </span>
  );
}
