import { expect, test } from "vitest";
import { traitsOf } from "./channel-kind.ts";
import { payloadProblem } from "./payload-problem.ts";

const encrypted = JSON.stringify({ nonce: "A".repeat(32), ciphertext: `${"A".repeat(22)}==` });
const sealed = JSON.stringify({ sealed: `AgE${"A".repeat(97)}` });

test.each([
  ["news", "e", "anything", undefined],
  ["private-orders", "e", "anything", undefined],
  ["private-encrypted-orders", "e", encrypted, undefined],
  ["private-encrypted-orders", "e", '{"total":12}', "notEncrypted"],
  ["private-sealed-orders", "e", sealed, undefined],
  ["private-sealed-orders", "client-e", sealed, "notSealed"],
  ["private-sealed-orders", "e", encrypted, "notSealed"],
  ["private-encrypted-orders", "e", sealed, "notEncrypted"],
])("on %s, event %s with the data %s: %s", (channel, event, data, problem) => {
  expect(payloadProblem(traitsOf(channel), event, data)?.id).toBe(problem);
});
