import { SealcastError } from "./sealcast-error.ts";

/** Every option of the modern entry. */
const names = (
  "url autoConnect log cluster forceTLS wsHost wsPort wssPort wsPath httpHost httpPort httpsPort httpPath " +
  "enabledTransports disabledTransports WebSocket ignoreNullOrigin activityTimeout pongTimeout unavailableTimeout " +
  "channelAuthorization userAuthentication holdMs orderHoldMs encryptedClientEvents sealed encryption"
).split(" ");

/**
 * Checks names and values of options. Bundlers leave it out of production builds: they take `check-no-options.ts`.
 *
 * @throws {SealcastError} `invalid-argument`, with the name of the option, and the name that was probably meant.
 */
export function checkOptions(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) {
      const meant = names.find((known) => isClose(known.toLowerCase(), name.toLowerCase(), 2));
      throw invalid(name, `is unknown${meant ? `: did you mean '${meant}'?` : ""}`);
    }
    if (/(Port|Timeout|Ms)$/.test(name) && value !== undefined && !(value >= 0))
      throw invalid(name, "must be a number");
    if (name.endsWith("Host") && /[/:]/.test(value))
      throw invalid(name, "must be a host name, without scheme, port and path");
  }
}

function invalid(name: string, problem: string): SealcastError {
  return new SealcastError("invalid-argument", `Option '${name}' ${problem}`);
}

/** Whether two names differ by at most this many inserted, removed or changed letters. */
function isClose(a: string, b: string, edits: number): boolean {
  if (edits < 0) return false;
  if (!a || !b) return a.length + b.length <= edits;
  const [restOfA, restOfB] = [a.slice(1), b.slice(1)];
  if (a[0] === b[0]) return isClose(restOfA, restOfB, edits);
  return isClose(restOfA, b, edits - 1) || isClose(a, restOfB, edits - 1) || isClose(restOfA, restOfB, edits - 1);
}
