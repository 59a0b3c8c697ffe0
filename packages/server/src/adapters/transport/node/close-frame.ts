import { closeReasons, type CloseReason } from "@sealcast/protocol";

/** How long a client may take to answer a Close frame before its connection is cut, in milliseconds. */
export const closeTimeoutMs = 5_000;

const violations: readonly CloseReason[] = [closeReasons.messageTooBig, closeReasons.invalidUtf8];

/** Returns the reason for closing a connection whose client violated the protocol; undefined: the code has none. */
export function reasonOfViolation(code: number | undefined): CloseReason | undefined {
  return violations.find((reason) => reason.code === code);
}
