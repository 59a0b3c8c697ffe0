import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { ok, problem, warning, type Finding } from "./finding.ts";
import { probe } from "./http-probe.ts";

/** How long the messages may take. */
const timeoutMs = 5_000;

/** What to do if the server gets no request of these transports. */
export const forwardPath = "Forward /pusher/ to the server, too: clients whose network blocks WebSocket use it.";

/** What is sent and received in a session over HTTP streaming. */
export interface StreamTrial {
  /** URL of the session, without the last segment. */
  readonly session: string;
  /** Query of the stream, with "?"; "" for none. */
  readonly query: string;
  /** Each is sent once, when the stream has brought `after`. */
  readonly messages: readonly { readonly after: string; readonly text: string }[];
  /** What the stream brings at the end. */
  readonly last: string;
}

/** Opens a stream and sends messages: the answers must come through the stream although it stays open. */
export function tryStream({ session, query, messages, last }: StreamTrial): Promise<Finding> {
  const send = session.startsWith("https:") ? httpsRequest : httpRequest;
  const url = `${session}/xhr_streaming${query}`;
  return new Promise((resolve) => {
    const unsent = [...messages];
    const request = send(url, { method: "POST", rejectUnauthorized: false, agent: false }, (response) => {
      if (response.statusCode !== 200) finish(warning(`${response.statusCode ?? 0} instead of a stream`, forwardPath));
      let text = "";
      response.on("data", (part: Buffer) => {
        text += part.toString();
        const [next] = unsent;
        if (next !== undefined && text.includes(next.after)) {
          unsent.shift();
          sendMessage(session, next.text);
        }
        if (text.includes(last)) finish(ok("messages arrive at once"));
      });
      response.on("error", () => undefined);
    });
    const finish = (finding: Finding): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(finding);
    };
    const timer = setTimeout(() => {
      finish(
        problem("the proxy keeps messages back (buffering)", "Do not buffer answers. nginx: proxy_buffering off;"),
      );
    }, timeoutMs);
    request.on("error", () => finish(warning("no answer", forwardPath)));
    request.end();
  });
}

function sendMessage(session: string, text: string): void {
  const headers = { "Content-Type": "application/json" };
  void probe({ url: `${session}/xhr_send?t=${Date.now()}`, method: "POST", headers, body: JSON.stringify([text]) });
}
