import { andThen, type Awaitable } from "../core/awaitable.ts";
import type { Clock } from "../ports/clock.ts";
import type { Unavailable } from "../ports/unavailable.ts";
import type { Client } from "./client.ts";
import { pause } from "./pause.ts";

/** Longest wait for an engine, in milliseconds: shorter than the 30 seconds after which clients miss the answer to a ping. */
const longestMs = 20_000;
const firstPauseMs = 100;
/** Many clients may wait: each asks once per second. */
const longestPauseMs = 1_000;

/**
 * Asks an engine, and asks again while it is unavailable and the client is connected: official client libraries do not
 * repeat what was refused. Returns "unavailable" after 20 seconds.
 */
export function untilAvailable<T>(
  client: Client,
  clock: Pick<Clock, "after" | "monotonicNow">,
  ask: () => Awaitable<T | Unavailable>,
): Awaitable<T | Unavailable> {
  const begunMs = clock.monotonicNow();
  const askAgain = (answer: T | Unavailable, pauseMs: number): Awaitable<T | Unavailable> => {
    if (answer !== "unavailable" || !client.isOpen) return answer;
    if (clock.monotonicNow() - begunMs + pauseMs > longestMs) return answer;
    const next = pause(clock, pauseMs).then(() => (client.isOpen ? ask() : answer));
    return next.then((later) => askAgain(later, Math.min(pauseMs * 2, longestPauseMs)));
  };
  return andThen(ask(), (answer) => askAgain(answer, firstPauseMs));
}
