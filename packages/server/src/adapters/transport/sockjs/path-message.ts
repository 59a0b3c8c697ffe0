import { ownProperties, parseJson } from "@sealcast/protocol";
import type { OpenRequest } from "../../../ports/transport.ts";

/** The part of a request for a connection that says for which app it is. */
export type AppAddress = Pick<OpenRequest, "path" | "query">;

/** Length of the longest message that is read, in UTF-16 units: clients send about 100. */
const maxLength = 8_192;

/**
 * Reads the first message of a client of SockJS: `{"path":"/app/{key}?{query}"}`. Returns undefined if the message is anything
 * else.
 */
export function parsePathMessage(text: string): AppAddress | undefined {
  if (text.length > maxLength) return undefined;
  const message = parseJson(text, { id: "malformedMessage", message: "Expected JSON" });
  const address = message.ok ? ownProperties(message.value)?.get("path") : undefined;
  if (typeof address !== "string") return undefined;
  const end = address.indexOf("?");
  return end === -1 ? { path: address, query: "" } : { path: address.slice(0, end), query: address.slice(end + 1) };
}
