import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createChat } from "./create-chat.ts";

const chatOptions = { host: "127.0.0.1", port: 1, appId: "1001", key: "k", secret: "a-secret", retryWithinMs: 0 };

let server: Server;
let address: string;
let tab: string;
let cookie: string;

beforeAll(async () => {
  const masterKey = randomBytes(32).toString("base64");
  // Nothing listens on port 1: the Sealcast server is not running.
  const chat = createChat({ ...chatOptions, masterKey });
  server = createServer(chat).listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const login = await send("/login", "name=Ada", "application/x-www-form-urlencoded");
  tab = login.headers.get("location") ?? "";
  cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
});

afterAll(() => server.close());

describe("the chat answers in one line", () => {
  const json = "application/json";
  test.each([
    ["a login without a form", "/login", undefined, json, 400, "Give a name of 1 to 30 characters."],
    ["a message that is not JSON", "messages", "{", json, 400, "This request cannot be read."],
    ["a message that is not said to be JSON", "messages", "{}", "text/plain", 400, "Write 1 to 1000 characters."],
    ["JSON that is no message", "messages", "[]", json, 400, "Write 1 to 1000 characters."],
    [
      "a message while the server is not running",
      "messages",
      '{"text":"hello"}',
      json,
      502,
      "The Sealcast server did not accept it. Is it running?",
    ],
    [
      "a new key while the server is not running",
      "rotate",
      undefined,
      json,
      502,
      "The Sealcast server did not accept it. Is it running?",
    ],
  ])("%s", async (_, path, body, type, status, text) => {
    const answer = await send(path.startsWith("/") ? path : `${tab}${path}`, body, type);
    expect([answer.status, await answer.text()]).toEqual([status, text]);
  });
});

test("a session outlasts a restart of the backend, and a forged one is refused", async () => {
  const restarted = createServer(createChat({ ...chatOptions, masterKey: randomBytes(32).toString("base64") }));
  restarted.listen(0, "127.0.0.1");
  await once(restarted, "listening");
  const url = `http://127.0.0.1:${(restarted.address() as AddressInfo).port}${tab}settings`;
  const settings = (await (await fetch(url, { headers: { Cookie: cookie } })).json()) as object;
  expect(settings).toMatchObject({ name: "Ada", id: tab.split("/")[2] });
  const [content = "", signature = ""] = cookie.slice("session=".length).split(".");
  const eve = Buffer.from(JSON.stringify({ tab: "1", name: "Eve" })).toString("base64url");
  for (const forged of [`${eve}.${signature}`, `${content}.`, `${content}.AAAA`, eve, ""]) {
    const answer = await fetch(url, { headers: { Cookie: `session=${forged}` } });
    expect([answer.status, await answer.text()]).toEqual([
      403,
      "Your session has ended: open the start page and log in again.",
    ]);
  }
  restarted.close();
});

function send(path: string, body: string | undefined, type: string): Promise<Response> {
  const headers = { "Content-Type": type, Cookie: cookie };
  return fetch(`${address}${path}`, {
    method: "POST",
    redirect: "manual",
    headers,
    ...(body !== undefined && { body }),
  });
}
