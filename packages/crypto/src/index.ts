export { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from "./base64.ts";
export { deriveChannelKey, type Derivation } from "./channel-key.ts";
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
export type { Plaintext } from "./plaintext.ts";
export type { Cipher } from "./cipher.ts";
export { chachaInput, type ChaChaInput } from "./ciphers/hchacha20.ts";
export { naclSecretbox } from "./ciphers/nacl-secretbox.ts";
export { xchacha20Poly1305 } from "./ciphers/xchacha20-poly1305.ts";
export { bodyMd5, sign } from "./signature.ts";
export { decodeUtf8, encodeUtf8 } from "./utf8.ts";
