// A file of its own, so that bundlers load the curve only when a channel has signers.
export { verifySignature } from "@sealcast/crypto/ed25519";
