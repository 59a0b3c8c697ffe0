import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import type { SecretBox } from "../../ports/secret-box.ts";

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts with AES-256-GCM. A stored secret is `aes-256-gcm:KEY_ID:DATA`: the key's id is the start of its SHA-256, the data is
 * base64 of nonce, ciphertext and tag. Without keys, it is `plain:SECRET`.
 *
 * @param keys 32 bytes each. The first one encrypts; each of them decrypts.
 */
export function createSecretBox(keys: readonly Uint8Array[]): SecretBox {
  const byId = new Map(keys.map((key) => [idOf(key), key]));
  const [current] = byId;
  const prefix = current === undefined ? "plain:" : `${algorithm}:${current[0]}:`;
  return {
    seal(secret, owner) {
      if (current === undefined) return prefix + secret;
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, current[1], nonce).setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([nonce, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return prefix + sealed.toString("base64");
    },
    open(stored, owner) {
      if (stored.startsWith("plain:")) return stored.slice("plain:".length);
      const [name, id = "", data = ""] = stored.split(":");
      const key = byId.get(id);
      if (name !== algorithm || key === undefined) return undefined;
      return decrypt(Buffer.from(data, "base64"), key, owner);
    },
    isCurrent: (stored) => stored.startsWith(prefix),
  };
}

function decrypt(sealed: Buffer, key: Uint8Array, owner: string): string | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(owner)).setAuthTag(sealed.subarray(-tagBytes));
  try {
    return decipher.update(sealed.subarray(nonceBytes, -tagBytes), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return undefined;
  }
}

function idOf(key: Uint8Array): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 8);
}
