import { SealcastError } from "../sealcast-error.ts";

/** Anyone can send origins; the report must not grow without bound. */
const maxReported = 20;
const longestOrigin = 200;

/** Returns what a refused page reads, and what the log says. */
export function refusedOriginText(origin: string): string {
  return `Origin ${origin.slice(0, longestOrigin)} is not allowed: add it to the option origins of createAuthHandler`;
}

/** Returns a function that reports each refused origin once, at most 20 of them: browsers hide the reason from pages. */
export function refusedOriginReporter(onError: (error: unknown) => void): (origin: string) => void {
  const reported = new Set<string>();
  return (origin) => {
    if (reported.has(origin) || reported.size >= maxReported) return;
    reported.add(origin);
    onError(new SealcastError("forbidden", refusedOriginText(origin)));
  };
}
