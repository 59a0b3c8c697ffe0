import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

/** An HTTP request of a check. */
export interface Probe {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, or why there is none. */
export type ProbeAnswer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: IncomingMessage["headers"];
      /** First 4 KiB. */
      readonly body: string;
    }
  | { readonly ok: false; readonly reason: string };

/** Longest time of one request. */
const timeoutMs = 10_000;

const maxBodyLength = 4_096;

/** Sends a request. Certificates are not verified: a check of their own reports their faults. */
export function probe({ url, method = "GET", headers = {}, body }: Probe): Promise<ProbeAnswer> {
  const send = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const options = { method, headers, rejectUnauthorized: false, agent: false as const };
    const request = send(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        if (text.length < maxBodyLength) text += part;
      });
      response.on("end", () => {
        resolve({ ok: true, status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
      response.on("error", () => resolve({ ok: false, reason: "the answer broke off" }));
    });
    request.setTimeout(timeoutMs, () => request.destroy(new Error("no answer within 10 seconds")));
    request.on("error", (error: NodeJS.ErrnoException) => resolve({ ok: false, reason: reasonOf(error) }));
    request.end(body);
  });
}

/** Returns what a failed connection means, for a person. */
export function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return (code === undefined ? undefined : reasons.get(code)) ?? message;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing listens on this port"],
  ["ECONNRESET", "the connection was reset"],
  ["EHOSTUNREACH", "there is no route to the host"],
  ["ENETUNREACH", "there is no route to the network"],
  ["ENOTFOUND", "the host name does not exist"],
  ["EAI_AGAIN", "the host name cannot be looked up at the moment"],
  ["ETIMEDOUT", "no answer: a firewall may drop the packets"],
  ["EPROTO", "the server does not speak TLS on this port"],
]);

/** Returns the program that made an answer, as it names itself. */
export function programOf(headers: IncomingMessage["headers"]): string {
  return typeof headers["server"] === "string" ? headers["server"] : "another program";
}

/** Whether a proxy made an answer itself: its error pages are HTML, those of the server are JSON or plain text. */
export function isFromProxy(answer: ProbeAnswer & { readonly ok: true }): boolean {
  return /html/.test(answer.headers["content-type"] ?? "") || [502, 504].includes(answer.status);
}
