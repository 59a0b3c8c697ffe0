import type { ClientOptions } from "./options.ts";
import { SealcastError } from "./sealcast-error.ts";

/**
 * Returns the options that a URL stands for. A pattern reads it: the `URL` class of React Native knows only http and https.
 *
 * @throws {SealcastError} `invalid-argument` if it has another scheme, or no host.
 */
export function addressOf(url: string | URL): ClientOptions {
  const [, scheme, wsHost, digits, prefix = ""] =
    /^(https?|wss?):\/\/(\[[^\]/]+\]|[^\s/:?#@]+)(?::(\d+))?(?![^/?#])([^?#]*)/i.exec(String(url)) ?? [];
  if (!scheme || !wsHost) {
    const example = "https://realtime.example.com or http://127.0.0.1:6001";
    throw new SealcastError("invalid-argument", `Option 'url' must be an address such as ${example}`);
  }
  const port = Number(digits ?? 0);
  const path = prefix.replace(/\/$/, "");
  return {
    forceTLS: /ps|wss/i.test(scheme),
    wsHost,
    wsPort: port,
    wssPort: port,
    wsPath: path,
    httpPath: `${path}/pusher`,
  };
}
