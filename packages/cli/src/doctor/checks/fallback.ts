import { randomUUID } from "node:crypto";
import type { Target } from "../../target/app-url.ts";
import type { Check } from "../check.ts";
import { warning, type Finding } from "../finding.ts";
import { probe } from "../http-probe.ts";
import { forwardPath, tryStream } from "../stream-probe.ts";

/** Checks of the transports that clients use if WebSocket does not work. */
export const fallbackChecks: readonly Check[] = [
  {
    id: "fallback",
    title: "Fallback transport (streaming)",
    needs: ["http", "websocket"],
    run: ({ target }) => checkStreaming(target),
  },
  {
    id: "sockjs",
    title: "Fallback transport (SockJS)",
    needs: ["http", "websocket", "fallback"],
    run: ({ target }) => checkSockJs(target),
  },
];

const query = "protocol=7&client=sealcast-doctor&version=1.0.0";
const established = "connection_established";
const ping = JSON.stringify({ event: "pusher:ping", data: {} });
const pong = "pusher:pong";

/** Opens a stream and sends a ping: the pong must come through the stream although it stays open. */
function checkStreaming({ socketUrl, key }: Target): Promise<Finding> {
  const session = `${socketUrl}/pusher/app/${key}/000/${newSession()}`;
  return tryStream({ session, query: `?${query}`, messages: [{ after: established, text: ping }], last: pong });
}

/** Asks for the info, as clients of SockJS do first, and then tries a session in the same way. */
async function checkSockJs({ socketUrl, key }: Target): Promise<Finding> {
  const info = await probe({ url: `${socketUrl}/pusher/info` });
  if (!info.ok) return warning("no answer", forwardPath);
  if (info.status !== 200) return warning(`${info.status} instead of the info`, forwardPath);
  if (!info.body.includes('"websocket"')) return warning("another text instead of the info", forwardPath);
  return tryStream({
    session: `${socketUrl}/pusher/000/${newSession()}`,
    query: "",
    messages: [
      { after: "\no\n", text: JSON.stringify({ path: `/app/${key}?${query}` }) },
      { after: established, text: ping },
    ],
    last: pong,
  });
}

function newSession(): string {
  return randomUUID().slice(0, 8);
}
