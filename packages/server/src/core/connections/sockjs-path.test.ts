import { expect, test } from "vitest";
import { isInfoPath, isSocketPath, sessionOfPath } from "./sockjs-path.ts";

test.each([
  { path: "/pusher/info", isInfo: true },
  { path: "/a/b/pusher/info", isInfo: true },
  { path: "/pusher/000/abc/websocket", session: "abc", isSocket: true },
  { path: "/a/pusher/any-server/any_session%20/websocket", session: "any_session%20", isSocket: true },
  { path: "/pusher/000/abc/xhr_streaming", session: "abc" },
  { path: `/pusher/000/${"a".repeat(64)}/xhr`, session: "a".repeat(64) },
  { path: `/pusher/000/${"a".repeat(65)}/xhr` },
  { path: "/pusher/0.0/abc/xhr" },
  { path: "/pusher/000/a.c/websocket" },
  { path: "/pusher/000/websocket" },
  { path: "/pusher//abc/websocket" },
  { path: "/pusher/000/abc/d/websocket" },
  { path: "/pusher/websocket" },
  { path: "/other/info" },
  { path: "/app/key" },
  // The path of a WebSocket without SockJS, below a prefix.
  { path: "/pusher/x/app/websocket", session: "app" },
])("[FALL8] $path", ({ path, session, isInfo = false, isSocket = false }) => {
  expect([sessionOfPath(path), isInfoPath(path), isSocketPath(path)]).toEqual([session, isInfo, isSocket]);
});
