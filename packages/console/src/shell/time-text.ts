/** The time of day of a moment, as `12:35:11` in the browser's time zone. */
export function timeText(timeMs: number): string {
  const time = new Date(timeMs);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** How long ago a moment was, as `5 s ago`. */
export function agoText(timeMs: number): string {
  return `${ageText(timeMs, Date.now())} ago`;
}

/** How long ago a moment was, as `5 s`, `3 min`, `2 h` or `4 d`. */
export function ageText(timeMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - timeMs) / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
