export { decodeBase64, encodeBase64 } from "./base64.ts";
export { deriveChannelKey, keyLengthBytes, type Derivation } from "./channel-key.ts";
export { constantTimeEqual } from "./constant-time-equal.ts";
export { openBox, openPayload, sealedLength, sealPayload, type OpenedPayload } from "./encrypted-payload.ts";
export {
  createKeyRing,
  secretsForClient,
  looksWeak,
  nextRotation,
  openingSecrets,
  publishableFrom,
  publishingSecret,
  type ClientSecrets,
  type KeyRing,
  type RingKey,
} from "./key-ring.ts";
export { decodePlaintext, type Plaintext } from "./plaintext.ts";
export type { Scheme } from "./scheme.ts";
export { schemes, type SchemeId } from "./schemes/index.ts";
export { naclSecretbox } from "./schemes/nacl-secretbox.ts";
export { parseSharedSecret } from "./shared-secret.ts";
export { bodyMd5, sign, verify } from "./signature.ts";
export { decodeUtf8, encodeUtf8 } from "./utf8.ts";
