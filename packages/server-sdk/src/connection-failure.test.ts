import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { describeFailure, repeatableRequests } from "./connection-failure.ts";
import { Sealcast } from "./sealcast.ts";
import type { SealcastError } from "./sealcast-error.ts";
import { selfSigned } from "./testing/self-signed.ts";

type AnyServer = Server | TcpServer;
const servers: AnyServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: AnyServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function plainServer(): Promise<number> {
  return listen(createHttpServer((_, response) => response.end("{}")));
}

async function tlsServer(): Promise<number> {
  return listen(createHttpsServer(selfSigned, (_, response) => response.end("{}")));
}

async function closingServer(): Promise<number> {
  return listen(createTcpServer((socket) => socket.once("data", () => socket.destroy())));
}

interface Row {
  readonly name: string;
  readonly port: () => Promise<number>;
  readonly options: { readonly host?: string; readonly useTLS?: boolean };
  readonly says: RegExp;
  readonly retryable: boolean;
}

const rows: readonly Row[] = [
  { name: "no server listens", port: closedPort, options: {}, says: /connection refused/, retryable: true },
  {
    name: "the host does not resolve",
    port: closedPort,
    options: { host: "no-such-host.invalid", useTLS: false },
    says: /the host name cannot be resolved|host does not resolve/,
    retryable: true,
  },
  {
    name: "the server answers without TLS",
    port: plainServer,
    options: { useTLS: true },
    says: /the server answered without TLS: set useTLS to false/,
    retryable: false,
  },
  {
    name: "the certificate is self-signed",
    port: tlsServer,
    options: { host: "localhost", useTLS: true },
    says: /certificate is not trusted/,
    retryable: false,
  },
  {
    name: "the server closes the connection",
    port: closingServer,
    options: {},
    says: /the connection was closed before an answer came/,
    retryable: true,
  },
];

/** Sends one query and returns the message of the error and whether it may be retried. */
async function failureOf(port: number, options: Row["options"], fetch?: typeof globalThis.fetch): Promise<object> {
  const app = { appId: "1001", key: "app-key", secret: "app-secret", host: "127.0.0.1", port, retries: 0 };
  const sealcast = new Sealcast({ ...app, ...options, ...(fetch === undefined ? {} : { fetch }) });
  const error = await sealcast.channels().catch((reason: unknown) => reason as SealcastError);
  const { code, message, retryable } = error as SealcastError;
  return { code, message, retryable };
}

describe.each([
  ["node:http", undefined],
  ["fetch", globalThis.fetch],
])("an error over %s names the cause", (_, fetch) => {
  test.each(rows)("when $name", async ({ port, options, says, retryable }) => {
    const open = await port();
    const { host = "127.0.0.1", useTLS = false } = options;
    const failure = await failureOf(open, options, fetch);
    expect(failure).toEqual({
      code: "network",
      message: expect.stringMatching(says) as string,
      retryable,
    });
    expect(failure).toHaveProperty(
      "message",
      expect.stringMatching(new RegExp(`^Cannot reach ${useTLS ? "https" : "http"}://${host}:${open}: `)) as string,
    );
  });
});

test("an error names the missing TLS when a TLS server gets plain HTTP", async () => {
  expect(await failureOf(await tlsServer(), {})).toMatchObject({
    message: expect.stringMatching(/if this port speaks TLS, set useTLS to true|connection was closed/) as string,
  });
});

describe.each(["bun", "deno"])("in %s, an error names the cause", (runtime) => {
  test.each(rows.slice(0, 4))("when $name", async ({ port, options, says }) => {
    // The servers answer in this process, so the other runtime must not block it.
    const message = await messageIn(runtime, await port(), options);
    expect(message).toMatch(says);
  });
});

async function messageIn(runtime: string, port: number, options: object): Promise<string> {
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  const binary = fileURLToPath(new URL(`../../../node_modules/.bin/${runtime}`, import.meta.url));
  const fetchOnce = `
    const { host = "127.0.0.1", useTLS = false } = ${JSON.stringify(options)};
    const url = (useTLS ? "https" : "http") + "://" + host + ":${port}/";
    const links = [];
    try { await fetch(url); } catch (error) {
      for (let link = error; link; link = link.cause) links.push({ message: link.message, code: link.code });
    }
    console.log(JSON.stringify(links));`;
  const args = runtime === "deno" ? ["eval", fetchOnce] : ["-e", fetchOnce];
  const { stdout } = await promisify(execFile)(binary, args);
  const links = JSON.parse(stdout) as { message: string; code?: string }[];
  let error: Error | undefined;
  for (const { message, code } of links.toReversed()) {
    error = Object.assign(new Error(message, { cause: error }), code === undefined ? {} : { code });
  }
  return describeFailure(error);
}

test.each([
  [new Error("what no runtime says"), "the runtime gave no reason"],
  ["not an error", "the runtime gave no reason"],
  [Object.assign(new Error("x"), { code: "E_OTHER" }), "E_OTHER"],
])("an unknown failure is described by its code, and only idempotent requests are repeated", (error, text) => {
  expect(describeFailure(error)).toBe(text);
  expect(repeatableRequests(error)).toBe("idempotent");
});
