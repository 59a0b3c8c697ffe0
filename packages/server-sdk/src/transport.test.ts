import { Agent } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as overFetch from "./fetch-transport.ts";
import * as overHttp from "./node/http-transport.ts";
import { startCaptureServer, type CaptureServer } from "./testing/capture-server.ts";
import { RequestTimeout, type HttpRequest } from "./transport.ts";

let server: CaptureServer;
beforeAll(async () => {
  server = await startCaptureServer();
});
afterAll(() => server.close());

function requestOf(change: Partial<HttpRequest> = {}): HttpRequest {
  const url = `http://127.0.0.1:${server.port}/path?a=b`;
  return { method: "POST", url, headers: { "x-test": "1" }, body: "é", timeoutMs: 5_000, ...change };
}

describe.each([
  ["fetch", overFetch.defaultTransport],
  ["a fetch of the application", overFetch.transportOver((url, init) => fetch(url, init))],
  ["node:http", overHttp.defaultTransport],
  ["an agent", overHttp.transportThrough(new Agent({ keepAlive: true }))],
])("over %s", (_, transport) => {
  test.each(["é", undefined])("a request with the body %j arrives as it was sent", async (body) => {
    server.takeRequests();
    await transport(requestOf({ body }));
    const [request] = server.takeRequests();
    expect(request).toMatchObject({ method: "POST", url: "/path?a=b", body: body ?? "" });
    expect(request?.headers).toMatchObject({ "x-test": "1", "content-length": body === undefined ? "0" : "2" });
  });

  test.each([200, 202, 302, 404, 503])("an answer of status %i comes whole", async (status) => {
    server.answerWith({ status, headers: { "x-one": "two" }, body: "Grüße".repeat(30_000) });
    const answer = await transport(requestOf({ method: "GET", body: undefined }));
    expect(answer).toMatchObject({ status, text: "Grüße".repeat(30_000) });
    expect(answer.headers).toContainEqual(["x-one", "two"]);
  });

  test("a redirection is an answer like others", async () => {
    server.answerWith({ status: 307, headers: { location: "/other" } });
    expect(await transport(requestOf())).toMatchObject({ status: 307 });
  });

  test("an answer that does not come in time is a timeout", async () => {
    server.answerWith({ hangs: true });
    await expect(transport(requestOf({ timeoutMs: 20 }))).rejects.toBeInstanceOf(RequestTimeout);
  });

  test("a server that is not there is an error, and no timeout", async () => {
    const gone = await startCaptureServer();
    await gone.close();
    const error: unknown = await transport(requestOf({ url: `http://127.0.0.1:${gone.port}/` })).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(RequestTimeout);
  });

  test("a connection is used again", async () => {
    const before = server.connections;
    for (let time = 0; time < 5; time += 1) await transport(requestOf());
    expect(server.connections - before).toBeLessThanOrEqual(1);
  });
});

test("an agent is refused where `node:http` is not used", () => {
  expect(() => overFetch.transportThrough(new Agent())).toThrow("The option agent works only in Node.js");
});
