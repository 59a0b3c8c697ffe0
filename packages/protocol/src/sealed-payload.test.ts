import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { payloadProblem } from "./payload-problem.ts";
import { parseSealedPayload } from "./sealed-payload.ts";

const envelope = (kind: number, length = 75, version = 2): string =>
  Buffer.concat([Buffer.from([version, kind]), Buffer.alloc(length - 2, 7)]).toString("base64url");
const server = envelope(1);

describe("sealed payload", () => {
  test.each([
    ["the smallest envelope", "order", `{"sealed":"${server}"}`],
    ["white space between tokens", "order", ` {\n"sealed" : "${server}" } `],
    ["an envelope with one unused character", "order", `{"sealed":"${envelope(1, 76)}"}`],
    ["an envelope with two unused characters", "order", `{"sealed":"${envelope(1, 77)}"}`],
    ["a client event", "client-typing", `{"sealed":"${envelope(2)}"}`],
  ])("[SEAL1] accepts %s", (_, event, text) => {
    expect(parseSealedPayload(event, text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
  });

  test.each([
    ["plain text", "hello", "expected JSON"],
    ["JSON text", '"hello"', "expected a JSON object with the string sealed"],
    ["null", "null", "the string sealed"],
    ["an array", `["${server}"]`, "the string sealed"],
    ["a field of another type", '{"sealed":7}', "the string sealed"],
    ["an inherited field", `{"__proto__":{"sealed":"${server}"}}`, "the string sealed"],
    ["an extra field", `{"sealed":"${server}","text":"hello"}`, "no other fields"],
    ["an extra field without quotation marks", `{"sealed":"${server}","":0}`, "no other fields"],
    ["a repeated field", `{"sealed":"hello","sealed":"${server}"}`, "no other fields"],
    ["standard base64", `{"sealed":"${"A+/A".repeat(30)}"}`, "canonical base64url"],
    ["padding", `{"sealed":"${envelope(1, 76)}=="}`, "canonical base64url"],
    [
      "unused bits that are not zero, 2 characters",
      `{"sealed":"${envelope(1, 76).slice(0, -1)}B"}`,
      "canonical base64url",
    ],
    [
      "unused bits that are not zero, 3 characters",
      `{"sealed":"${envelope(1, 77).slice(0, -1)}B"}`,
      "canonical base64url",
    ],
    ["a single leftover character", `{"sealed":"${server}A"}`, "canonical base64url"],
    ["an envelope that is too short", `{"sealed":"${envelope(1, 74)}"}`, "at least 75 bytes, got 74"],
    ["an empty envelope", '{"sealed":""}', "at least 75 bytes, got 0"],
    ["version 1", `{"sealed":"${envelope(1, 75, 1)}"}`, "version 2, got version 1"],
    ["version 3", `{"sealed":"${envelope(1, 75, 3)}"}`, "version 2, got version 3"],
    ["a client's envelope in a server event", `{"sealed":"${envelope(2)}"}`, "kind 1 for this event, got kind 2"],
    ["member info as an event", `{"sealed":"${envelope(3)}"}`, "kind 1 for this event, got kind 3"],
  ])("[SEAL1] refuses %s", (_, text, rule) => {
    const parsed = parseSealedPayload("order", text);
    expect(parsed).toMatchObject({ ok: false, error: { id: "notSealed" } });
    expect(parsed).toHaveProperty("error.message", expect.stringContaining(rule));
  });

  test("[SEAL1] refuses a server's envelope in a client event", () => {
    expect(parseSealedPayload("client-typing", `{"sealed":"${server}"}`)).toMatchObject({ ok: false });
  });

  test("[SEAL1] accepts exactly the texts that decode and encode to themselves", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 73, maxLength: 120 }), fc.string({ maxLength: 2 }), (bytes, suffix) => {
        const text = Buffer.concat([Buffer.from([2, 1]), bytes]).toString("base64url") + suffix;
        const canonical = Buffer.from(text, "base64url").toString("base64url") === text;
        expect(parseSealedPayload("order", JSON.stringify({ sealed: text })).ok).toBe(canonical);
      }),
    );
  });

  test("[SEAL2] the message of a refusal never repeats what was sent", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[G-Z]{12,20}$/), (word) => {
        for (const text of [
          word,
          JSON.stringify(word),
          JSON.stringify({ sealed: word }),
          JSON.stringify({ [word]: 1 }),
        ]) {
          const problem = payloadProblem({ encryption: "sealed" }, "order", text);
          expect(problem).toMatchObject({ id: "notSealed" });
          expect(problem?.message).not.toContain(word);
        }
      }),
    );
  });
});
