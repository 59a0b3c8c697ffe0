import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { benchApp, signedRequest } from "./signed-request.ts";

test("signs as the HTTP API wants it", () => {
  const body = JSON.stringify({ name: "é", data: "1", channel: "a" });
  const request = signedRequest("events", body).toString();
  const [head = "", sent] = request.split("\r\n\r\n");
  const [line = ""] = head.split("\r\n");
  const url = new URL(line.split(" ")[1] ?? "", "http://localhost");
  const query = url.searchParams;
  const signature = query.get("auth_signature");
  query.delete("auth_signature");
  const names = [...query.keys()];
  expect(names).toEqual(names.toSorted());
  expect(query.get("body_md5")).toBe(createHash("md5").update(body).digest("hex"));
  const toSign = `POST\n/apps/${benchApp.id}/events\n${[...query].map(([name, value]) => `${name}=${value}`).join("&")}`;
  expect(signature).toBe(createHmac("sha256", benchApp.secret).update(toSign).digest("hex"));
  expect(sent).toBe(body);
  expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
});
