import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSigner, verifySignature } from "./ed25519.ts";

/** RFC 8410: a seed, and a public key, as the DER that node:crypto reads. */
const privateKey = (seed: Uint8Array): ReturnType<typeof createPrivateKey> =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]),
    format: "der",
    type: "pkcs8",
  });
const publicKey = (bytes: Uint8Array): ReturnType<typeof createPublicKey> =>
  createPublicKey({
    key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), bytes]),
    format: "der",
    type: "spki",
  });

describe("Ed25519", () => {
  test("signs and verifies like node:crypto", () => {
    for (let run = 0; run < 20; run += 1) {
      const seed = new Uint8Array(randomBytes(32));
      const message = new Uint8Array(randomBytes(run * 10));
      const signer = createSigner(seed);
      const theirs = new Uint8Array(sign(null, message, privateKey(seed)));
      expect(Buffer.from(signer.sign(message)).equals(theirs)).toBe(true);
      expect(verify(null, message, publicKey(signer.publicKey), signer.sign(message))).toBe(true);
      expect(verifySignature(signer.publicKey, message, theirs)).toBe(true);
      expect(verifySignature(signer.publicKey, Uint8Array.of(...message, 0), theirs)).toBe(false);
    }
  });

  test.each([
    ["a short signature", 63, 32],
    ["a long signature", 65, 32],
    ["a short key", 64, 31],
    ["no signature", 0, 32],
  ])("refuses %s without throwing", (_, signatureBytes, keyBytes) => {
    expect(verifySignature(new Uint8Array(keyBytes), new Uint8Array(1), new Uint8Array(signatureBytes))).toBe(false);
  });

  test("refuses a secret of another length", () => {
    expect(() => createSigner(new Uint8Array(33))).toThrow("Invalid signing secret: expected 32 bytes, got 33");
  });
});
