import { createCipheriv, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { chachaInput } from "./hchacha20.ts";
import { xchacha20Poly1305 } from "./xchacha20-poly1305.ts";

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

test("derives the key of draft-irtf-cfrg-xchacha-03, section 2.2.1", () => {
  const key = Uint8Array.from({ length: 32 }, (_, index) => index);
  const nonce = hex("000000090000004a00000000314159270102030405060708");
  expect(chachaInput(key, nonce)).toEqual({
    key: hex("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"),
    nonce: hex("000000000102030405060708"),
  });
});

test("with it, ChaCha20-Poly1305 of the platform seals as XChaCha20-Poly1305, also parts of a buffer", () => {
  const bytes = new Uint8Array(randomBytes(67));
  const [key, nonce, plaintext] = [bytes.subarray(3, 35), bytes.subarray(35, 59), new Uint8Array(randomBytes(100))];
  const input = chachaInput(key, nonce);
  const cipher = createCipheriv("chacha20-poly1305", input.key, input.nonce, { authTagLength: 16 });
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  expect(new Uint8Array(sealed)).toEqual(xchacha20Poly1305.seal(key, nonce, plaintext));
});

test("refuses a key or a nonce of another length, by name", () => {
  expect(() => chachaInput(new Uint8Array(31), new Uint8Array(24))).toThrow("Invalid key: expected 32 bytes, got 31");
  expect(() => chachaInput(new Uint8Array(32), new Uint8Array(12))).toThrow("Invalid nonce: expected 24 bytes, got 12");
});
