import { bodyMd5 as bodyMd5Node, sign as signNode } from "./node/signature.ts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bodyMd5, sign } from "./signature.ts";

test("every runtime signs alike", () => {
  const text = fc.string({ unit: "binary", maxLength: 100 });
  fc.assert(
    fc.property(text, text, fc.uint8Array({ maxLength: 100 }), (secret, message, bytes) => {
      expect(signNode(secret, message)).toBe(sign(secret, message));
      expect(signNode(secret, bytes)).toBe(sign(secret, bytes));
      expect(bodyMd5Node(message)).toBe(bodyMd5(message));
    }),
  );
});
