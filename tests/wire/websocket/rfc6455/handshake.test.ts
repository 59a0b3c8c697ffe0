import { createHash } from "node:crypto";
import { startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { opcodes, TcpClient, textFrame, upgradeRequest } from "../../../fixtures/tcp-client.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Sends a request and gives the head of the answer. */
async function answerTo(request: string): Promise<string> {
  const client = new TcpClient(server.port);
  client.write(request);
  const head = await client.head();
  client.drop();
  return head;
}

const path = "/app/app-key?protocol=7";

describe("the opening handshake (RFC 6455, section 4.2)", () => {
  test("[FRAME9] 4.2.2: answers with the hash of the key", async () => {
    // The key and its answer are those of RFC 6455, section 1.3.
    const head = await answerTo(upgradeRequest({ "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" }));
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
    expect(head).toMatch(/^upgrade: websocket\r$/im);
    expect(head).toMatch(/^connection: upgrade\r$/im);
    expect(head).toMatch(/^sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r$/im);
    expect(head).not.toMatch(/^sec-websocket-(extensions|protocol):/im);
  });

  test.each([
    ["4.1: the names of fields in another case", { Host: undefined, hOST: "127.0.0.1" }],
    ["4.2.1: values in another case", { Upgrade: "WebSocket", Connection: "UPGRADE" }],
    ["4.2.1: several tokens in Connection", { Connection: "keep-alive, Upgrade" }],
    ["4.2.1: an extension that the server does not have", { "Sec-WebSocket-Extensions": "x-unknown; a=1" }],
    ["4.2.1: a sub-protocol that the server does not have", { "Sec-WebSocket-Protocol": "chat, superchat" }],
    ["4.2.1: fields that nobody knows", { "X-Anything": "1", Cookie: "a=b" }],
  ])("[FRAME9] %s is served", async (_, fields) => {
    expect(await answerTo(upgradeRequest(fields))).toMatch(/^HTTP\/1\.1 101 /);
  });

  test.each([
    ["4.2.1: another method", upgradeRequest({}, `POST ${path} HTTP/1.1`), 4],
    ["4.2.1: no key", upgradeRequest({ "Sec-WebSocket-Key": undefined }), 4],
    ["4.2.1: a key that is too short", upgradeRequest({ "Sec-WebSocket-Key": "dGhlIHNhbXBsZQ==" }), 4],
    ["4.2.1: a key that is no base64", upgradeRequest({ "Sec-WebSocket-Key": "!".repeat(24) }), 4],
    ["4.2.1: another version", upgradeRequest({ "Sec-WebSocket-Version": "12" }), 4],
    ["4.2.1: no version", upgradeRequest({ "Sec-WebSocket-Version": undefined }), 4],
    ["4.2.1: another upgrade", upgradeRequest({ Upgrade: "h2c" }), 4],
    ["4.2.1: no upgrade", upgradeRequest({ Upgrade: undefined, Connection: "close" }), 4],
    ["4.2.1: extensions that cannot be read", upgradeRequest({ "Sec-WebSocket-Protocol": "a b,," }), 4],
  ])("[FRAME9] %s is refused with a status of HTTP", async (_, request, hundreds) => {
    const status = Number(/^HTTP\/1\.1 (\d+) /.exec(await answerTo(request))?.[1]);
    expect(Math.floor(status / 100)).toBe(hundreds);
  });

  test("[FRAME9] 4.2.1: HTTP/1.0 is served, though the RFC asks for 1.1: old proxies say so and mean no harm", async () => {
    expect(await answerTo(upgradeRequest({}, `GET ${path} HTTP/1.0`))).toMatch(/^HTTP\/1\.1 101 /);
  });

  test("[FRAME9] 4.4: another version gets the supported version in the answer", async () => {
    expect(await answerTo(upgradeRequest({ "Sec-WebSocket-Version": "25" }))).toMatch(
      /^sec-websocket-version: .*\b13\b/im,
    );
  });

  test("[FRAME9] 4.1: frames that come along with the request are read", async () => {
    const client = new TcpClient(server.port);
    client.write(Buffer.concat([Buffer.from(upgradeRequest()), textFrame('{"event":"pusher:ping"}')]));
    await client.head();
    expect((await client.frame())?.payload.toString()).toContain("connection_established");
    expect(await client.frame()).toEqual({
      opcode: opcodes.text,
      payload: Buffer.from('{"event":"pusher:pong","data":"{}"}'),
    });
    client.drop();
  });

  test("[FRAME9] the request may come byte by byte", async () => {
    const client = new TcpClient(server.port);
    const key = "AAAAAAAAAAAAAAAAAAAAAA==";
    for (const byte of upgradeRequest({ "Sec-WebSocket-Key": key })) client.write(byte);
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    expect(await client.head()).toContain(accept);
    client.drop();
  });
});
