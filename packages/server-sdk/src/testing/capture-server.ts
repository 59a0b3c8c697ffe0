import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as received. */
export interface CapturedRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How the server answers. */
export interface CannedAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Never answers. */
  readonly hangs?: boolean;
}

/** An HTTP server on a free loopback port that records its requests. */
export interface CaptureServer {
  readonly port: number;
  /** Number of connections that were opened to it. */
  readonly connections: number;
  /** Returns the requests since the last call. */
  takeRequests(): CapturedRequest[];
  /** Answers the next requests in this order, then with 200 and `{}`. */
  answerWith(...answers: CannedAnswer[]): void;
  close(): Promise<void>;
}

/** Starts a {@link CaptureServer}. */
export async function startCaptureServer(port = 0): Promise<CaptureServer> {
  let requests: CapturedRequest[] = [];
  let answers: CannedAnswer[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      requests.push({ method, url, headers, body: Buffer.concat(chunks).toString("utf8") });
      const { status = 200, headers: answerHeaders = {}, body = "{}", hangs = false } = answers.shift() ?? {};
      if (!hangs) response.writeHead(status, answerHeaders).end(body);
    });
  });
  server.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    takeRequests: () => {
      const taken = requests;
      requests = [];
      return taken;
    },
    answerWith: (...next) => {
      answers = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
