import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEncryptedPayload } from "./encrypted-payload.ts";

const nonce = Buffer.alloc(24, 7).toString("base64");
const tag = Buffer.alloc(16, 9).toString("base64");

describe("encrypted payload", () => {
  test.each([
    ["the smallest", `{"nonce":"${nonce}","ciphertext":"${tag}"}`],
    ["the other order", `{"ciphertext":"${tag}","nonce":"${nonce}"}`],
    ["white space", ` {\n"nonce" : "${nonce}" ,\t"ciphertext" : "${tag}" } `],
    ["a longer text", `{"nonce":"${nonce}","ciphertext":"${Buffer.alloc(1_000).toString("base64")}"}`],
    // PHP's json_encode escapes slashes.
    ["escaped slashes", `{"nonce":"${"\\/".repeat(32)}","ciphertext":"${tag}"}`],
  ])("[ENC1] accepts %s", (_, text) => {
    const written = JSON.parse(text) as unknown;
    expect(parseEncryptedPayload(text)).toEqual({ ok: true, value: written });
  });

  test.each([
    ["plain text", "hello", "expected JSON"],
    ["nothing", "", "expected JSON"],
    ["JSON text", '"hello"', "expected a JSON object"],
    ["null", "null", "expected a JSON object"],
    ["an array", `["${nonce}","${tag}"]`, "expected a JSON object"],
    ["a plain object", '{"message":"hello"}', "expected nonce and ciphertext to be strings"],
    ["no nonce", `{"ciphertext":"${tag}"}`, "expected nonce and ciphertext to be strings"],
    ["no ciphertext", `{"nonce":"${nonce}"}`, "expected nonce and ciphertext to be strings"],
    ["a nonce of another type", `{"nonce":7,"ciphertext":"${tag}"}`, "expected nonce and ciphertext to be strings"],
    ["an inherited nonce", `{"__proto__":{"nonce":"${nonce}"},"ciphertext":"${tag}"}`, "to be strings"],
    ["a further field", `{"nonce":"${nonce}","ciphertext":"${tag}","text":"hello"}`, "no other fields"],
    ["a further empty field", `{"nonce":"${nonce}","ciphertext":"${tag}","":0}`, "no other fields"],
    ["a repeated nonce", `{"nonce":"hello","nonce":"${nonce}","ciphertext":"${tag}"}`, "no other fields"],
    ["a repeated ciphertext", `{"ciphertext":{},"nonce":"${nonce}","ciphertext":"${tag}"}`, "no other fields"],
    ["a repeated escaped name", `{"nonc\\u0065":1,"nonce":"${nonce}","ciphertext":"${tag}"}`, "no other fields"],
    ["a short nonce", `{"nonce":"${Buffer.alloc(23).toString("base64")}","ciphertext":"${tag}"}`, "got 23"],
    ["a long nonce", `{"nonce":"${Buffer.alloc(25).toString("base64")}","ciphertext":"${tag}"}`, "got 25"],
    ["a short ciphertext", `{"nonce":"${nonce}","ciphertext":"${Buffer.alloc(15).toString("base64")}"}`, "got 15"],
    ["base64 of URLs", `{"nonce":"${"-_".repeat(16)}","ciphertext":"${tag}"}`, "expected nonce to be canonical base64"],
    [
      "no padding",
      `{"nonce":"${nonce}","ciphertext":"${tag.slice(0, -2)}"}`,
      "expected ciphertext to be canonical base64",
    ],
    [
      "bits to spare",
      `{"nonce":"${nonce}","ciphertext":"${tag.slice(0, -3)}R=="}`,
      "expected ciphertext to be canonical",
    ],
    [
      "white space inside",
      `{"nonce":"${nonce}","ciphertext":"${tag}\\n"}`,
      "expected ciphertext to be canonical base64",
    ],
  ])("[ENC1] refuses %s", (_, text, rule) => {
    const parsed = parseEncryptedPayload(text);
    expect(parsed).toMatchObject({ ok: false, error: { id: "notEncrypted" } });
    expect(parsed).toHaveProperty("error.message", expect.stringContaining(rule));
  });

  test("[ENC2] the message of a refusal never repeats what was sent", () => {
    const word = fc.stringMatching(/^[G-Z]{8,20}$/);
    const value = fc.oneof(
      word,
      word.map((text) => JSON.stringify({ nonce: text, ciphertext: text })),
      word.map((text) => JSON.stringify({ nonce, ciphertext: tag, [text]: text })),
      word.map((text) => JSON.stringify(text)),
    );
    fc.assert(
      fc.property(value, (text) => {
        const parsed = parseEncryptedPayload(text);
        const secretWord = /[G-Z]{8,}/.exec(text)?.[0] ?? "";
        expect(parsed.ok).toBe(false);
        expect(parsed.ok || parsed.error.message.includes(secretWord)).toBe(false);
      }),
    );
  });

  test("[ENC1] accepts any bytes of the right length and returns nothing else", () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 64 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), bytes, (nonceBytes, ciphertextBytes) => {
        const payload = {
          nonce: Buffer.from(nonceBytes).toString("base64"),
          ciphertext: Buffer.from(ciphertextBytes).toString("base64"),
        };
        expect(parseEncryptedPayload(JSON.stringify(payload))).toEqual({ ok: true, value: payload });
      }),
    );
  });

  test("[FRAME8] any text is a payload or a problem", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseEncryptedPayload(text)).toMatchObject({ ok: false, error: { id: "notEncrypted" } });
      }),
    );
  });
});
