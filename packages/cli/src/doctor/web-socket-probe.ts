import { randomBytes } from "node:crypto";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { reasonOf } from "./http-probe.ts";

/** An open WebSocket connection, an HTTP answer instead of one, or a failure. */
export type WebSocketAnswer =
  | { readonly kind: "open"; readonly socket: Duplex; readonly firstBytes: Buffer }
  | { readonly kind: "answer"; readonly status: number; readonly headers: IncomingMessage["headers"] }
  | { readonly kind: "failure"; readonly reason: string };

/** Sends a WebSocket handshake and leaves the connection open. */
export function openWebSocket(url: string): Promise<WebSocketAnswer> {
  const send = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const request = send(url, {
      rejectUnauthorized: false,
      agent: false,
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      },
    });
    request.on("upgrade", (_, socket, firstBytes) => {
      socket.on("error", () => undefined);
      resolve({ kind: "open", socket, firstBytes });
    });
    request.on("response", (response) => {
      response.resume();
      resolve({ kind: "answer", status: response.statusCode ?? 0, headers: response.headers });
    });
    request.setTimeout(10_000, () => request.destroy(new Error("no answer within 10 seconds")));
    request.on("error", (error: NodeJS.ErrnoException) => resolve({ kind: "failure", reason: reasonOf(error) }));
    request.end();
  });
}

/** A frame that the server sent. */
export interface ServerFrame {
  readonly isClose: boolean;
  readonly payload: Buffer;
}

/** Returns the first frame that the server sends; undefined if none comes within 5 seconds. */
export function firstFrame({
  socket,
  firstBytes,
}: WebSocketAnswer & { readonly kind: "open" }): Promise<ServerFrame | undefined> {
  return new Promise((resolve) => {
    let bytes = firstBytes;
    const done = (): void => {
      clearTimeout(timer);
      resolve(parseFrame(bytes));
    };
    const timer = setTimeout(done, 5_000);
    socket.on("data", (part: Buffer) => {
      bytes = Buffer.concat([bytes, part]);
      if (parseFrame(bytes) !== undefined) done();
    });
    socket.once("close", done);
    if (parseFrame(bytes) !== undefined) done();
  });
}

/** Parses an unmasked frame of less than 64 KiB; undefined until it is complete. */
function parseFrame(bytes: Buffer): ServerFrame | undefined {
  if (bytes.length < 4) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const [start, length] = short < 126 ? [2, short] : [4, bytes.readUInt16BE(2)];
  if (bytes.length < start + length) return undefined;
  return { isClose: (bytes.readUInt8(0) & 0x0f) === 8, payload: bytes.subarray(start, start + length) };
}
