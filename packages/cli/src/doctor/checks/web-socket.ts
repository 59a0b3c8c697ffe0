import { setTimeout as wait } from "node:timers/promises";
import type { Target } from "../../target/app-url.ts";
import type { Check } from "../check.ts";
import { ok, problem, skipped, warning, type Finding } from "../finding.ts";
import { programOf } from "../http-probe.ts";
import { firstFrame, openWebSocket, type ServerFrame, type WebSocketAnswer } from "../web-socket-probe.ts";

const upgradeHeaders =
  'Let the proxy forward the handshake. nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';

/** Checks of WebSocket connections through the proxy. */
export const webSocketChecks: readonly Check[] = [
  {
    id: "websocket",
    title: "WebSocket",
    needs: ["port"],
    run: async ({ target }) => handshakeFinding(await openWebSocket(socketUrl(target)), target),
  },
  {
    id: "idle",
    title: "Silent connections",
    needs: ["websocket"],
    run: ({ target, idleSeconds }) => checkIdle(target, idleSeconds),
  },
];

function socketUrl({ socketUrl: url, key }: Target): string {
  return `${url}/app/${key}?protocol=7&client=sealcast-doctor&version=1.0.0`;
}

async function handshakeFinding(answer: WebSocketAnswer, target: Target): Promise<Finding> {
  if (answer.kind === "failure")
    return problem(answer.reason, "Check that the server runs, and that the proxy leads to it.");
  if (answer.kind === "answer") return answerFinding(answer);
  const frame = await firstFrame(answer);
  answer.socket.destroy();
  if (frame?.payload.includes("pusher:connection_established") === true) return ok("connected");
  return refusalFinding(frame, target);
}

function answerFinding({ status, headers }: WebSocketAnswer & { readonly kind: "answer" }): Finding {
  const isPage = /html/.test(headers["content-type"] ?? "");
  if (status === 502 || status === 504) {
    return problem(
      `${status}: the proxy does not reach the server`,
      "Check host and port after proxy_pass, and that the server runs.",
    );
  }
  if (isPage) {
    const fix = "Forward /app/ to the server, as well as /apps/: `location / { proxy_pass …; }` in nginx.";
    return problem(`${status} from ${programOf(headers)}, not from the server`, fix);
  }
  return problem(`${status} instead of 101: the server received no WebSocket handshake`, upgradeHeaders);
}

/** The server opens the connection and then closes it with a code, as the protocol asks. */
function refusalFinding(frame: ServerFrame | undefined, { socketUrl: url }: Target): Finding {
  if (frame === undefined) return problem("it opens, but no message arrives", "Switch off buffering in the proxy.");
  const code = frame.isClose
    ? frame.payload.readUInt16BE(0)
    : Number(/"code":(\d{4})/.exec(frame.payload.toString())?.[1]);
  const refusal = code === 4000 && url.startsWith("https:") ? tlsUnknown : refusals.get(code);
  return refusal ?? problem(`refused with ${code}`, "docs/errors.md explains this code.");
}

const tlsUnknown = problem(
  "4000: the server does not know that this connection has TLS",
  "Let the proxy tell it. nginx: proxy_set_header X-Forwarded-Proto $scheme;",
);

const refusals: ReadonlyMap<number, Finding> = new Map([
  [4000, problem("4000: the app accepts TLS connections only", "Use https in the URL of the app.")],
  [4001, problem("4001: no app has this key", "Correct the key of the app in the URL.")],
  [4003, problem("4003: the app is disabled", "Set `enabled` of the app to true.")],
  [4004, warning("4004: the app has as many connections as it may have", "Raise `maxConnections`.")],
]);

async function checkIdle(target: Target, idleSeconds: number): Promise<Finding> {
  if (idleSeconds === 0) return skipped("see --idle-seconds");
  const answer = await openWebSocket(socketUrl(target));
  if (answer.kind !== "open") return skipped("no connection");
  const { socket } = answer;
  const startMs = performance.now();
  const aborter = new AbortController();
  socket.resume();
  socket.once("close", () => aborter.abort());
  try {
    await wait(idleSeconds * 1_000, undefined, { signal: aborter.signal });
    return ok(`kept for ${idleSeconds} seconds`);
  } catch {
    const seconds = Math.round((performance.now() - startMs) / 1_000);
    const fix = "Clients send a ping only after `activityTimeoutSeconds` (120). nginx: proxy_read_timeout 300s;";
    return problem(`cut after ${seconds} seconds of silence`, fix);
  } finally {
    socket.destroy();
  }
}
