let second = Number.NaN;
let text = "";

/** Returns the time for a `Date` header. It is formatted once a second. */
export function httpDate(): string {
  const now = Math.floor(Date.now() / 1_000);
  if (now !== second) {
    second = now;
    text = new Date(now * 1_000).toUTCString();
  }
  return text;
}
