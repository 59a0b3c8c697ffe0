import { closeReasons, type CloseReason, type QueryParameter } from "@sealcast/protocol";
import { parameter } from "../urls/query.ts";

/** What a client speaks, or why it is turned away. */
export type NegotiatedVersion =
  | { readonly ok: true; readonly version: number }
  | {
      readonly ok: false;
      /** What the client named; the newest where it named no number. */
      readonly version: number;
      readonly reason: CloseReason;
    };

const oldestVersion = 4;
const newestVersion = 7;

/** Picks the protocol version from the query of a connection. A library that names its own version but no protocol speaks 7. */
export function negotiateVersion(query: readonly QueryParameter[]): NegotiatedVersion {
  const wanted = parameter(query, "protocol");
  if (wanted === undefined) {
    return parameter(query, "version") === undefined
      ? { ok: false, version: newestVersion, reason: closeReasons.noVersion }
      : { ok: true, version: newestVersion };
  }
  if (!/^\d{1,9}$/.test(wanted)) return { ok: false, version: newestVersion, reason: closeReasons.invalidVersion };
  const version = Number(wanted);
  return version >= oldestVersion && version <= newestVersion
    ? { ok: true, version }
    : { ok: false, version, reason: closeReasons.unsupportedVersion };
}

/** Whether clients of this version answer `pusher:ping`. */
export function answersPings(version: number): boolean {
  return version >= 5;
}

/** Whether clients of this version want a `pusher:error` event in front of a close. */
export function wantsErrorBeforeClose(version: number): boolean {
  return version < 6;
}
