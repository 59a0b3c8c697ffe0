import { describe, expect, test } from "vitest";
import { parseQuery } from "../core/urls/query.ts";
import { oneTurn } from "../core/turns.ts";
import { postParameters } from "./body.ts";
import { largeBodyBytes } from "./body-limit.ts";
import { bodyText, bodyTextOfCall } from "./body-text.ts";

function parametersOf(body: string, query = ""): ReturnType<typeof postParameters> {
  return postParameters(new TextEncoder().encode(body), parseQuery(query));
}

const largeText = new TextEncoder().encode("x".repeat(largeBodyBytes));

function textOfLarge(body: Uint8Array): ReturnType<typeof bodyTextOfCall> {
  return bodyTextOfCall({ request: { body }, turns: oneTurn });
}

describe("parameters of a POST", () => {
  test.each<[title: string, body: string, query: string, parameters: Record<string, unknown>]>([
    ["none", "", "", {}],
    ["out of the body", '{"name":"a","data":"1"}', "", { name: "a", data: "1" }],
    ["out of the query", "", "name=a&data=1", { name: "a", data: "1" }],
    ["arrays out of the query", "", "channels[]=a&name=x&channels[]=b", { channels: ["a", "b"], name: "x" }],
    ["an array of one", "", "channels[]=a", { channels: ["a"] }],
    ["both, where the body wins", '{"name":"body"}', "name=query&data=1", { name: "body", data: "1" }],
    [
      "without those of the signature",
      "",
      "auth_key=k&auth_signature=s&auth_version=1.0&body_md5=m&name=a",
      { name: "a" },
    ],
    ["an array over a single value", "", "a=1&a[]=2", { a: ["2"] }],
    ["a single value over an array", "", "a[]=1&a=2", { a: "2" }],
    ["UTF-8", '{"name":"é"}', "", { name: "é" }],
  ])("[HTTP12] %s", (_, body, query, parameters) => {
    expect(parametersOf(body, query)).toEqual({ ok: true, value: parameters });
  });

  test("[FRAME8] names of object members are names like any other", () => {
    const parsed = parametersOf('{"__proto__":{"name":"evil"},"data":"1"}', "__proto__=x&constructor[]=y");
    const fields: Readonly<Record<string, unknown>> = parsed.ok ? parsed.value : {};
    expect(fields["name"]).toBeUndefined();
    expect(new Set(Object.keys(fields))).toEqual(new Set(["__proto__", "constructor", "data"]));
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  });

  test.each<[title: string, body: string, message: string]>([
    ["no JSON", "{", "Invalid body: it must be JSON"],
    ["a form", "name=a&data=1", "Invalid body: it must be JSON"],
    ["an array", "[]", "Invalid body: it must be a JSON object"],
    ["null", "null", "Invalid body: it must be a JSON object"],
    ["text", '"a"', "Invalid body: it must be a JSON object"],
    ["deep nesting without an end", "[".repeat(100_000), "Invalid body: it must be JSON"],
  ])("[HTTP13] %s is refused", (_, body, message) => {
    expect(parametersOf(body)).toEqual({ ok: false, error: { id: "invalidParameter", message } });
  });

  test("[HTTP13] a body that is not UTF-8 is refused", () => {
    const error = { id: "invalidParameter", message: "Invalid body: it must be UTF-8" };
    expect(bodyText(Uint8Array.of(0x22, 0xff, 0x22))).toEqual({ ok: false, error });
    expect(postParameters(Uint8Array.of(0xc3), [])).toEqual({ ok: false, error });
  });

  test.each([
    ["cut off", [...largeText, 0xe6, 0xbc]],
    ["wrong in the middle", [...largeText, 0xff, ...largeText]],
  ])("[HTTP13] a large body whose UTF-8 is %s is refused", async (_, bytes) => {
    const error = { id: "invalidParameter", message: "Invalid body: it must be UTF-8" };
    expect(await textOfLarge(Uint8Array.from(bytes))).toEqual({ ok: false, error });
  });

  test("[HTTP8] a large body as data is passed on to the last character", async () => {
    const text = `\uFEFF${"漢😀".repeat(200_000)}\r\n`;
    expect(await textOfLarge(new TextEncoder().encode(text))).toEqual({ ok: true, value: text });
  });

  test("[HTTP8] a body as data is passed on to the last character", () => {
    const text = "\uFEFF é\u0000 \r\n";
    expect(bodyText(new TextEncoder().encode(text))).toEqual({ ok: true, value: text });
  });
});
