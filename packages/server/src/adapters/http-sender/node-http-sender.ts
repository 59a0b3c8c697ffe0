import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import { isIP } from "node:net";
import type { HttpOutcome, HttpPost, HttpSender } from "../../ports/http-sender.ts";
import { isPublicAddress } from "./public-address.ts";
import { createResolver, type ResolveHost } from "./resolve-host.ts";

/** How a sender behaves. */
export interface HttpSenderOptions {
  /** Whether loopback, private and other addresses that are not public may be connected to. */
  readonly allowPrivateTargets: boolean;
  /** From the call until the status of the answer, in milliseconds. Default 4,000: what Channels gives a receiver. */
  readonly timeoutMs?: number;
  /** Bytes of an answer's body that are read, so that its connection can be used again. Default 65,536. */
  readonly maxAnswerBytes?: number;
  /** Finds addresses; tests pass their own. */
  readonly resolve?: ResolveHost;
}

/** A request that failed before it had an answer; the next address may do better. */
class NotConnected extends Error {}

/**
 * Sends by `node:http` and `node:https`. The host's addresses are looked up for each request and checked, and the request
 * goes to an address that was checked, so that a host name cannot lead to another address after the check.
 */
export function createNodeHttpSender(options: HttpSenderOptions): HttpSender {
  const { allowPrivateTargets, timeoutMs = 4_000, maxAnswerBytes = 65_536, resolve = createResolver() } = options;
  // Sockets of one address and host are used again for five idle seconds; most servers keep them at least that long.
  const agents = { "http:": new HttpAgent({ keepAlive: true }), "https:": new HttpsAgent({ keepAlive: true }) };

  const open = new Set<AbortController>();

  async function send(post: HttpPost, signal: AbortSignal): Promise<HttpOutcome> {
    const url = new URL(post.url);
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const found = await resolve(host);
    const addresses = allowPrivateTargets ? found : found.filter((address) => isPublicAddress(address));
    if (addresses.length === 0) return failure("the host has no public address");
    let problem: unknown;
    for (const address of addresses) {
      try {
        return { status: await sendTo(address, host, url, post, signal), error: undefined };
      } catch (error) {
        problem = error;
        if (!(error instanceof NotConnected)) break;
      }
    }
    throw problem;
  }

  /** Returns the status of the answer. */
  function sendTo(address: string, host: string, url: URL, post: HttpPost, signal: AbortSignal): Promise<number> {
    const isSecure = url.protocol === "https:";
    const body = Buffer.from(post.body);
    const settings: RequestOptions = {
      host: address,
      port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      method: "POST",
      headers: { ...post.headers, host: url.host, "content-length": body.length },
      signal,
    };
    // The certificate is checked against the name, not the address. Names of addresses are not sent (RFC 6066).
    if (isSecure) settings.servername = isIP(host) === 0 ? host : "";
    return new Promise((fulfill, reject) => {
      const request = isSecure
        ? httpsRequest({ ...settings, agent: agents["https:"] })
        : httpRequest({ ...settings, agent: agents["http:"] });
      let isConnected = false;
      request.once("socket", (socket) => {
        isConnected = !socket.connecting;
        if (!isConnected) socket.once("connect", () => (isConnected = true));
      });
      request.once("error", (error) =>
        reject(isConnected || signal.aborted ? error : new NotConnected("", { cause: error })),
      );
      request.once("response", (answer) => {
        discardBody(answer, maxAnswerBytes);
        fulfill(answer.statusCode ?? 0);
      });
      request.end(body);
    });
  }

  return {
    async post(post) {
      const request = new AbortController();
      open.add(request);
      const timer = setTimeout(() => request.abort(`no answer within ${timeoutMs / 1_000} s`), timeoutMs);
      try {
        return await Promise.race([send(post, request.signal), rejectionOf(request.signal)]);
      } catch (error) {
        return failure(request.signal.aborted ? String(request.signal.reason) : describe(error));
      } finally {
        open.delete(request);
        // The timer goes on: it also ends an answer whose body takes too long.
        timer.unref();
      }
    },
    close() {
      for (const request of open) request.abort("the server stops");
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
}

/** Reads a body up to a size, so that the connection can be used again; ends the connection of a longer or slower one. */
function discardBody(answer: IncomingMessage, maxBytes: number): void {
  let bytes = 0;
  answer.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes > maxBytes) answer.destroy();
  });
  answer.on("error", () => undefined);
}

/** A name server can be silent for longer than the time-out. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error(String(signal.reason))), { once: true });
  });
}

function failure(error: string): HttpOutcome {
  return { status: undefined, error };
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connection refused"],
  ["ECONNRESET", "connection reset"],
  ["EPIPE", "connection reset"],
  ["EHOSTUNREACH", "host unreachable"],
  ["ENETUNREACH", "network unreachable"],
  ["ENOTFOUND", "host name not found"],
  ["EAI_AGAIN", "name server unavailable"],
]);

/** Says what went wrong without repeating what the receiver wrote. */
function describe(error: unknown): string {
  const cause = error instanceof NotConnected ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code.startsWith("HPE_")) return "answer is not HTTP";
  return reasons.get(code) ?? `request failed (${code === "" ? "unknown reason" : code})`;
}
