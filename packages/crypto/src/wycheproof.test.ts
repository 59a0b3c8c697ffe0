import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chacha20poly1305, xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { verifySignature } from "./ed25519.ts";

/**
 * Project Wycheproof has no file for Salsa20 or secretbox. These files check the primitives of sealed channels, and what
 * secretbox shares with them: Poly1305 at its edges, SHA-256 and HMAC, in the versions pinned here.
 */
const folder = process.env["WYCHEPROOF_DIR"];
const howToGet =
  "git clone https://github.com/C2SP/wycheproof and set WYCHEPROOF_DIR to the absolute path of its folder testvectors_v1";
if (folder === undefined) console.warn(`Skipping the Wycheproof vectors: WYCHEPROOF_DIR is not set. ${howToGet}`);

interface Row {
  readonly tcId: number;
  readonly result: "valid" | "invalid" | "acceptable";
  readonly key?: string;
  readonly iv?: string;
  readonly aad?: string;
  readonly msg?: string;
  readonly ct?: string;
  readonly tag?: string;
  readonly ikm?: string;
  readonly salt?: string;
  readonly info?: string;
  readonly okm?: string;
  readonly size?: number;
  readonly sig?: string;
}
interface Group {
  readonly publicKey?: { readonly pk: string };
  readonly tagSize?: number;
  readonly tests: readonly Row[];
}

type Cipher = (
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
) => {
  encrypt(plaintext: Uint8Array): Uint8Array;
  decrypt(sealed: Uint8Array): Uint8Array;
};

describe.skipIf(folder === undefined)("Wycheproof", () => {
  test.each([
    ["xchacha20_poly1305_test.json", xchacha20poly1305 as Cipher, 315],
    ["chacha20_poly1305_test.json", chacha20poly1305 as Cipher, 325],
  ])("%s", (file, cipher, count) => {
    const rows = readRows(file);
    expect(rows).toHaveLength(count);
    for (const row of rows) {
      const build = (): ReturnType<Cipher> => cipher(bytes(row.key), bytes(row.iv), bytes(row.aad));
      const sealed = `${row.ct ?? ""}${row.tag ?? ""}`;
      const valid = row.result === "valid";
      expect(
        hexOrRefused(() => build().decrypt(bytes(sealed))),
        `${row.tcId}`,
      ).toBe(valid ? row.msg : refused);
      expect(valid ? hexOrRefused(() => build().encrypt(bytes(row.msg))) : sealed, `${row.tcId}`).toBe(sealed);
    }
  });

  test("hmac_sha256_test.json", () => {
    const rows = readRows("hmac_sha256_test.json");
    expect(rows).toHaveLength(174);
    for (const row of rows) {
      const tag = bytesToHex(hmac(sha256, bytes(row.key), bytes(row.msg))).slice(0, (row.tagSize ?? 256) / 4);
      expect(tag === row.tag, `${row.tcId}`).toBe(row.result === "valid");
    }
  });

  test("ed25519_test.json", () => {
    const rows = readRows("ed25519_test.json");
    expect(rows).toHaveLength(151);
    for (const row of rows) {
      const isValid = verifySignature(bytes(row.publicKey?.pk), bytes(row.msg), bytes(row.sig));
      expect(isValid, `${row.tcId}`).toBe(row.result === "valid");
    }
  });

  test("hkdf_sha256_test.json", () => {
    const rows = readRows("hkdf_sha256_test.json");
    expect(rows).toHaveLength(86);
    for (const row of rows) {
      const derive = (): Uint8Array => hkdf(sha256, bytes(row.ikm), bytes(row.salt), bytes(row.info), row.size ?? 0);
      expect(hexOrRefused(derive), `${row.tcId}`).toBe(row.result === "valid" ? row.okm : refused);
    }
  });
});

const refused = "refused";

function hexOrRefused(compute: () => Uint8Array): string {
  try {
    return bytesToHex(compute());
  } catch {
    return refused;
  }
}

function readRows(file: string): (Row & Omit<Group, "tests">)[] {
  const { testGroups } = JSON.parse(readFileSync(join(folder ?? "", file), "utf8")) as { testGroups: readonly Group[] };
  return testGroups.flatMap(({ tests, ...group }) => tests.map((row) => ({ ...group, ...row })));
}

function bytes(hex: string | undefined): Uint8Array {
  return hexToBytes(hex ?? "");
}
