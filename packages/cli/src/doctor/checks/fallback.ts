import { randomUUID } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Target } from "../../target/app-url.ts";
import type { Check } from "../check.ts";
import { ok, problem, warning, type Finding } from "../finding.ts";
import { probe } from "../http-probe.ts";

/** How long a message may take. */
const timeoutMs = 5_000;

/** Checks of the transports that clients use if WebSocket does not work. */
export const fallbackChecks: readonly Check[] = [
  {
    id: "fallback",
    title: "Fallback transport (streaming)",
    needs: ["http", "websocket"],
    run: ({ target }) => checkStreaming(target),
  },
];

/** Opens a stream and sends a ping: the pong must come through the stream although it stays open. */
function checkStreaming({ socketUrl, key }: Target): Promise<Finding> {
  const session = `${socketUrl}/pusher/app/${key}/000/${randomUUID().slice(0, 8)}`;
  const send = session.startsWith("https:") ? httpsRequest : httpRequest;
  const url = `${session}/xhr_streaming?protocol=7&client=sealcast-doctor&version=1.0.0`;
  return new Promise((resolve) => {
    const request = send(url, { method: "POST", rejectUnauthorized: false, agent: false }, (response) => {
      if (response.statusCode !== 200) finish(warning(`${response.statusCode ?? 0} instead of a stream`, forwardPath));
      let text = "";
      response.on("data", (part: Buffer) => {
        text += part.toString();
        if (!pinged && text.includes("connection_established")) ping();
        if (text.includes("pusher:pong")) finish(ok("messages arrive at once"));
      });
      response.on("error", () => undefined);
    });
    let pinged = false;
    const ping = (): void => {
      pinged = true;
      const body = JSON.stringify([JSON.stringify({ event: "pusher:ping", data: {} })]);
      const headers = { "Content-Type": "application/json" };
      void probe({ url: `${session}/xhr_send?t=${Date.now()}`, method: "POST", headers, body });
    };
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

const forwardPath = "Forward /pusher/ to the server, too: clients whose network blocks WebSocket use it.";
