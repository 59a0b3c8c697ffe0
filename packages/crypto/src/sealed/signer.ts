import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { encodeBase64Url } from "../base64.ts";
import { encodeUtf8 } from "../utf8.ts";
import { protocolLabel } from "./context.ts";
import { signerIdBytes } from "./frame.ts";

/** Signs the events of a publisher. */
export interface Signer {
  /** Id of the public key, 8 bytes: see {@link signerIdOf}. */
  readonly id: Uint8Array;
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Returns the Ed25519 signature of a message, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** Returns the id of a public key: 8 bytes. */
export function signerIdOf(publicKey: Uint8Array): Uint8Array {
  return sha256(concatBytes(protocolLabel, encodeUtf8(" signer"), publicKey)).slice(0, signerIdBytes);
}

/** Returns the id of a public key as base64url, as authorization responses list it. */
export function signerIdText(publicKey: Uint8Array): string {
  return encodeBase64Url(signerIdOf(publicKey));
}

/** Returns what a signature covers: the associated data of the envelope, and the frame up to and including the signer id. */
export function messageToSign(associatedData: Uint8Array, signedFrame: Uint8Array): Uint8Array {
  return concatBytes(protocolLabel, encodeUtf8(" sig\0"), associatedData, signedFrame);
}
