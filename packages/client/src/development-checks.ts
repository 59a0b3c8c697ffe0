import { SealcastError } from "./sealcast-error.ts";
import type { SealcastOptions } from "./sealcast.ts";

/** What an option must be. */
interface Rule {
  readonly expected: string;
  readonly isValid: (value: unknown) => boolean;
}

const text: Rule = { expected: "text", isValid: (value) => typeof value === "string" };
const host: Rule = {
  expected: "a host name, without scheme, port and path",
  isValid: (value) => typeof value === "string" && !/[/:]/.test(value),
};
const flag: Rule = { expected: "true or false", isValid: (value) => typeof value === "boolean" };
const list: Rule = {
  expected: "a list of texts",
  isValid: (value) => Array.isArray(value) && value.every((entry) => typeof entry === "string"),
};
const object: Rule = { expected: "an object", isValid: (value) => typeof value === "object" && !Array.isArray(value) };
const port = upTo(65_535, "a number from 1 to 65535");
/** A longer timer runs at once. */
const time = upTo(2_147_483_647, "a number of milliseconds, at most 2147483647");

/** Every option of the modern entry. */
const rules: Readonly<Record<keyof SealcastOptions, Rule>> = {
  url: { expected: "text or a URL", isValid: (value) => typeof value === "string" || value instanceof URL },
  autoConnect: flag,
  log: { expected: "a function or false", isValid: (value) => typeof value === "function" || value === false },
  cluster: text,
  forceTLS: flag,
  wsHost: host,
  wsPort: port,
  wssPort: port,
  wsPath: text,
  httpHost: host,
  httpPort: port,
  httpsPort: port,
  httpPath: text,
  enabledTransports: list,
  disabledTransports: list,
  WebSocket: { expected: "a class", isValid: (value) => typeof value === "function" },
  ignoreNullOrigin: flag,
  activityTimeout: time,
  pongTimeout: time,
  unavailableTimeout: time,
  channelAuthorization: object,
  userAuthentication: object,
  holdMs: time,
  orderHoldMs: time,
  encryptedClientEvents: flag,
  sealed: flag,
  encryption: object,
};

/** A number, also as text: environment variables are text. */
function upTo(most: number, expected: string): Rule {
  return {
    expected,
    isValid: (value) =>
      (typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value))) &&
      Number(value) >= 0 &&
      Number(value) <= most,
  };
}

/**
 * Checks names and values of options. Undefined, null and "" count as not given. Bundlers leave the checks out of production
 * builds: they take `production-checks.ts`.
 *
 * @throws {SealcastError} `invalid-argument`, with the name of the option, and the name that was probably meant.
 */
export function checkOptions(options: unknown): void {
  if (typeof options !== "object" || options === null) {
    throw new SealcastError("invalid-argument", "The options of a client must be an object");
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name)) {
      const meant = Object.keys(rules).find((known) => isClose(known.toLowerCase(), name.toLowerCase(), 2));
      throw invalid(name, `is unknown${meant ? `: did you mean '${meant}'?` : ""}`);
    }
    if (value === undefined || value === null || value === "") continue;
    const { expected, isValid } = rules[name as keyof SealcastOptions];
    if (!isValid(value)) throw invalid(name, `must be ${expected}`);
  }
}

/** Checks that an argument is text. */
export function checkText(what: string, value: unknown): void {
  if (typeof value !== "string") throw new SealcastError("invalid-argument", `The ${what} must be text`);
}

/** Checks the callback of a listener, which would otherwise fail when the first event arrives. */
export function checkListener(event: unknown, callback: unknown): void {
  if (typeof callback !== "function") {
    throw new SealcastError("invalid-argument", `The listener of event '${String(event)}' must be a function`);
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
