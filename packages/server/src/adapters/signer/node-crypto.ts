import { createHash, createHmac, createSecretKey, hash, timingSafeEqual, type KeyObject } from "node:crypto";
import type { Signer } from "../../ports/signer.ts";

const signatureForm = /^[0-9a-f]{64}$/;

/** Hashes and signatures by the platform's OpenSSL. */
export function createNodeSigner(): Signer {
  // One key object per secret: making it costs as much as the HMAC itself. There are as many as apps have secrets.
  const keys = new Map<string, KeyObject>();
  const keyOf = (secret: string): KeyObject => {
    const known = keys.get(secret);
    if (known !== undefined) return known;
    const key = createSecretKey(secret, "utf8");
    keys.set(secret, key);
    return key;
  };
  const sign = (secret: string, message: string): string =>
    createHmac("sha256", keyOf(secret)).update(message, "utf8").digest("hex");
  return {
    sign,
    verify(secret, message, signature) {
      if (!signatureForm.test(signature)) return false;
      const wanted = sign(secret, message);
      return timingSafeEqual(Buffer.from(wanted, "latin1"), Buffer.from(signature, "latin1"));
    },
    md5: (bytes) => hash("md5", bytes, "hex"),
    beginMd5() {
      const md5 = createHash("md5");
      return { add: (part) => void md5.update(part), hex: () => md5.digest("hex") };
    },
  };
}
