import { expect, test } from "vitest";
import { absoluteUrl } from "./node-request.ts";

test.each([
  ["/pusher/auth?x=1", { host: "app.example.com" }, "https://app.example.com/pusher/auth?x=1"],
  ["/pusher/auth", { ":authority": "app.example.com:8443" }, "https://app.example.com:8443/pusher/auth"],
  ["//evil.com/pusher/auth", { host: "app.example.com" }, "https://app.example.com/evil.com/pusher/auth"],
  ["/", {}, "https://localhost/"],
])("the path %s makes no other host than that of the request", (path, headers, url) => {
  expect(absoluteUrl(path, "https", headers).href).toBe(url);
});
