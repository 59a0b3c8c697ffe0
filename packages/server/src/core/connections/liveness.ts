import { closeReasons, type CloseReason } from "@sealcast/protocol";

/** How long a client that cannot answer pings may be silent, in milliseconds. Source: the Channels protocol. */
const inactiveAfterMs = 24 * 60 * 60 * 1_000;

/** Everything that decides whether a connection may go on. Times are those of one monotonic clock, in milliseconds. */
export interface LivenessFacts {
  readonly nowMs: number;
  readonly openedMs: number;
  /** When the client last sent anything. */
  readonly lastHeardMs: number;
  /** When the unanswered ping was sent; undefined: all pings were answered. */
  readonly pingedMs: number | undefined;
  /** Whether the client speaks a protocol version with pings. */
  readonly answersPings: boolean;
  /** Whether the app demands an authorization that the connection does not have yet. */
  readonly awaitsAuthorization: boolean;
}

/** The settings that it depends on. */
export interface LivenessSettings {
  readonly activityTimeoutSeconds: number;
  readonly pongTimeoutSeconds: number;
  readonly authorizationTimeoutSeconds: number;
}

/** Decides what to do with a connection: nothing, send a ping, or close it. */
export function decideLiveness(facts: LivenessFacts, settings: LivenessSettings): "quiet" | "ping" | CloseReason {
  const { nowMs, pingedMs } = facts;
  if (facts.awaitsAuthorization && nowMs - facts.openedMs >= settings.authorizationTimeoutSeconds * 1_000) {
    return closeReasons.notAuthorizedInTime;
  }
  const silentMs = nowMs - facts.lastHeardMs;
  if (silentMs < settings.activityTimeoutSeconds * 1_000) return "quiet";
  if (!facts.answersPings) return silentMs >= inactiveAfterMs ? closeReasons.inactive : "quiet";
  if (pingedMs === undefined) return "ping";
  return nowMs - pingedMs >= settings.pongTimeoutSeconds * 1_000 ? closeReasons.pongNotReceived : "quiet";
}
