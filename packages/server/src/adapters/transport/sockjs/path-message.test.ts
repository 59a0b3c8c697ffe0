import { expect, test } from "vitest";
import { parsePathMessage } from "./path-message.ts";

test.each([
  { text: '{"path":"/app/key?protocol=7&client=js"}', address: { path: "/app/key", query: "protocol=7&client=js" } },
  { text: '{"path":"/app/key"}', address: { path: "/app/key", query: "" } },
  { text: '{"path":"/app/key?a?b","more":[1]}', address: { path: "/app/key", query: "a?b" } },
  { text: '{"path":""}', address: { path: "", query: "" } },
  { text: '{"path":1}', address: undefined },
  { text: '{"Path":"/app/key"}', address: undefined },
  { text: '{"__proto__":{"path":"/app/key"}}', address: undefined },
  { text: '["/app/key"]', address: undefined },
  { text: "null", address: undefined },
  { text: "{", address: undefined },
  { text: "", address: undefined },
  { text: `{"path":"${"x".repeat(8_182)}"}`, address: undefined },
])("[FALL9] the first message $text is read", ({ text, address }) => {
  expect(parsePathMessage(text)).toEqual(address);
});
