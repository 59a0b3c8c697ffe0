import { randomBytes, randomInt } from "node:crypto";

/** New credentials of an app, and a key that the server never gets. */
export interface NewKeys {
  /** A configuration file with one app. */
  readonly configText: string;
  /** Base64 of 32 random bytes, for the backends of the app. */
  readonly masterKey: string;
}

/** Makes credentials from the random source of the operating system. The id is digits, for the official Python library. */
export function newKeys(): NewKeys {
  const app = {
    id: String(randomInt(100_000_000, 1_000_000_000)),
    key: randomBytes(10).toString("hex"),
    secret: randomBytes(32).toString("hex"),
  };
  return {
    configText: `${JSON.stringify({ apps: [app] }, undefined, 2)}\n`,
    masterKey: randomBytes(32).toString("base64"),
  };
}
