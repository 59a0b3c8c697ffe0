import { createHash, createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyMd5, sign } from "./signature.ts";

const secret = "7ad3773142a6692b25b8";

describe("signature", () => {
  test.each([
    ["1234.1234:private-foobar", "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4"],
    ['1234.1234::user::{"id":"12345"}', "4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba"],
    [
      '{"time_ms":1700000000000,"events":[{"name":"channel_occupied","channel":"my-channel"}]}',
      "cb2683f8aaa9de8cdbc72838077bd6ac7c3e64c57fe83fb7b13812a1bd5df142",
    ],
  ])("of the documented message %s", (message, signature) => {
    expect(sign(secret, message)).toBe(signature);
    expect(sign(secret, `${message} `)).not.toBe(signature);
    expect(sign("other", message)).not.toBe(signature);
  });

  test("agrees with node:crypto for any secret and message", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 200 });
    fc.assert(
      fc.property(text, text, (key, message) => {
        expect(sign(key, message)).toBe(createHmac("sha256", key).update(message, "utf8").digest("hex"));
        expect(sign(key, new TextEncoder().encode(message))).toBe(sign(key, message));
        expect(bodyMd5(message)).toBe(createHash("md5").update(message, "utf8").digest("hex"));
      }),
    );
  });
});
