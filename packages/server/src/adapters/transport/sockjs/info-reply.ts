import { randomInt } from "node:crypto";
import type { HttpReply } from "../../../ports/transport.ts";

/** Random numbers from 0 to this, exclusive, are what clients without a good source of their own begin with. */
const entropyRange = 2 ** 32;

/** Returns the answer to a client of SockJS that asks what the server offers. */
export function infoReply(headers: HttpReply["headers"]): HttpReply {
  const info = { websocket: true, origins: ["*:*"], cookie_needed: false, entropy: randomInt(entropyRange) };
  return {
    status: 200,
    headers: { ...headers, "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(info),
  };
}
