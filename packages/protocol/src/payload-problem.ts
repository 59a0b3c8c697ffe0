import type { ChannelTraits, Encryption } from "./channel-kind.ts";
import { parseEncryptedPayload } from "./encrypted-payload.ts";
import type { Parsed, Problem } from "./parsed.ts";
import { parseSealedPayload } from "./sealed-payload.ts";

/** For each encryption, the check of the shape that its payloads have. No check needs an encryption key. */
const shapeChecks = {
  none: undefined,
  "nacl-secretbox": (_event, data) => parseEncryptedPayload(data),
  sealed: parseSealedPayload,
} as const satisfies Readonly<Record<Encryption, ((event: string, data: string) => Parsed<unknown>) | undefined>>;

/**
 * Returns why an event must not be carried on channels of this kind: its `data` does not have the shape of an encrypted
 * payload.
 * Returns undefined if it has, or if the kind is not encrypted.
 *
 * @example
 * payloadProblem(traitsOf("private-encrypted-orders"), "order-created", '{"total":12}'); // { id: "notEncrypted", … }
 */
export function payloadProblem(
  { encryption }: Pick<ChannelTraits, "encryption">,
  event: string,
  data: string,
): Problem | undefined {
  const parsed = shapeChecks[encryption]?.(event, data);
  return parsed === undefined || parsed.ok ? undefined : parsed.error;
}
