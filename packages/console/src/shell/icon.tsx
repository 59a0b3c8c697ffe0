import type { VNode } from "preact";

/** Paths of line icons on a grid of 24 by 24. */
const paths = {
  overview: "M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-4H4zM14 8h6V4h-6z",
  log: "M4 6h16M4 12h16M4 18h10",
  channels: "M5 9h14M5 15h14M10 4 8 20M16 4l-2 16",
  connections: "M9 15l6-6M11 7l1-1a4 4 0 0 1 6 6l-1 1M13 17l-1 1a4 4 0 0 1-6-6l1-1",
  metrics: "M4 20V4M4 20h16M8 16l4-5 3 3 5-7",
  start: "M5 12h14M13 6l6 6-6 6",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5z",
  unlock: "M7 11V8a5 5 0 0 1 9.5-2M5 11h14v9H5z",
  exit: "M10 5H5v14h5M9 12h11M16 8l4 4-4 4",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M4 12H2M22 12h-2M5 5l1.5 1.5M17.5 17.5 19 19M19 5l-1.5 1.5M6.5 17.5 5 19",
  key: "M14.5 13.5a4.5 4.5 0 1 0-4-4L4 16v4h4v-2h2v-2h2z",
  close: "M6 6l12 12M18 6 6 18",
  pause: "M8 5v14M16 5v14",
  play: "M7 5l12 7-12 7z",
  clear: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
  send: "M4 12l16-8-6 16-3-7z",
  repeat: "M4 11a8 8 0 0 1 14-5l2 2M20 4v4h-4M20 13a8 8 0 0 1-14 5l-2-2M4 20v-4h4",
  webhooks: "M9 8a3 3 0 1 1 5 2l3 5M6 16a3 3 0 1 0 3 3h6a3 3 0 1 0 2-5M6 16l4-7",
  apps: "M4 5h7v7H4zM13 5h7v7h-7zM4 14h7v6H4zM13 14h7v6h-7z",
} as const;

/** The name of an icon. */
export type IconName = keyof typeof paths;

/** A decorative icon; screen readers skip it. */
export function Icon({ name }: { name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
