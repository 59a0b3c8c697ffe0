import { isClientEvent, isReservedEvent } from "@sealcast/protocol";
import { decodeUtf8 } from "../utf8.ts";
import type { SealedKind } from "./context.ts";
import type { ParsedFrame } from "./frame.ts";

/**
 * Whether an event of this kind can have this hidden name. A client event cannot pass for a server event, nor the other
 * way around, and no event for one of the server's own.
 */
export function isPlausibleName(name: string, kind: SealedKind): boolean {
  return isClientEvent(name) === (kind === "client-event") && !isReservedEvent(name);
}

/** Returns the value of a payload: bytes, or parsed JSON. Returns undefined if the payload is not JSON in UTF-8. */
export function payloadValue({
  payload,
  isBinary,
}: Pick<ParsedFrame, "payload" | "isBinary">): { readonly value: unknown } | undefined {
  if (isBinary) return { value: payload };
  const text = decodeUtf8(payload);
  if (text === undefined) return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
