import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { PasswordHasher } from "../../ports/password-hasher.ts";

/** Cost of one hash: 32 MiB and about 0.1 s. Source: the OWASP password storage recommendations for scrypt. */
const cost = { N: 32_768, r: 8, p: 3 } as const;
const maxMemoryBytes = 64 * 1_024 * 1_024;
const keyBytes = 32;
/** `scrypt:N:r:p:salt:key`, salt and key in base64url. */
const pattern = /^scrypt:(\d{1,7}):(\d{1,2}):(\d{1,2}):([\w-]{22,}):([\w-]{43})$/;

/** Hashes passwords with scrypt of `node:crypto`. */
export function createScryptHasher(): PasswordHasher {
  return {
    async hash(password) {
      const salt = randomBytes(16);
      const key = await derive(password, salt, cost);
      return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join(":");
    },
    async matches(password, hash) {
      const [, n, r, p, salt = "", key = ""] = pattern.exec(hash) ?? [];
      if (n === undefined) return false;
      try {
        const found = await derive(password, Buffer.from(salt, "base64url"), {
          N: Number(n),
          r: Number(r),
          p: Number(p),
        });
        return timingSafeEqual(found, Buffer.from(key, "base64url"));
      } catch {
        // Costs that scrypt does not accept.
        return false;
      }
    },
  };
}

function derive(password: string, salt: Uint8Array, { N, r, p }: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // If there is no error, it is null in Node.js and undefined in Bun.
    scrypt(password.normalize("NFKC"), salt, keyBytes, { N, r, p, maxmem: maxMemoryBytes }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
