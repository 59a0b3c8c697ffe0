import { naclSecretbox, xchacha20Poly1305, type Cipher } from "@sealcast/crypto";

/** Encode bytes as base64 and as base64url. */
export { encodeBase64 as toBase64, encodeBase64Url as toBase64Url } from "@sealcast/crypto";

/** Creates Ed25519 signers. */
export { createSigner } from "@sealcast/crypto/ed25519";

/** The cipher of encrypted channels. */
export const secretbox: Cipher = naclSecretbox;

/** The cipher of sealed channels. */
export const xchacha: Cipher = xchacha20Poly1305;
