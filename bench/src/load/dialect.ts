/** How a subscriber talks to a server: which path it opens, what it says, and how many messages answer each step. */
export interface Dialect {
  readonly path: string;
  /** Steps after the WebSocket handshake, before any subscription. `say` is left out where the server speaks first. */
  readonly opening: readonly { readonly say?: string; readonly answers: number }[];
  /** Text that subscribes to `channel`; every server here answers with exactly one message. */
  readonly subscribe: (channel: string) => string;
  /** Text that ends the subscription; the servers here do not answer it. */
  readonly unsubscribe: (channel: string) => string;
}

export type DialectName = "pusher" | "socket.io";

export const dialects: Readonly<Record<DialectName, Dialect>> = {
  pusher: {
    path: "/app/app-key?protocol=7&client=bench&version=1.0&flash=false",
    opening: [{ answers: 1 }],
    subscribe: (channel) => JSON.stringify({ event: "pusher:subscribe", data: { channel } }),
    unsubscribe: (channel) => JSON.stringify({ event: "pusher:unsubscribe", data: { channel } }),
  },
  "socket.io": {
    path: "/socket.io/?EIO=4&transport=websocket",
    opening: [{ answers: 1 }, { say: "40", answers: 1 }],
    subscribe: (channel) => `42${JSON.stringify(["subscribe", channel])}`,
    unsubscribe: (channel) => `42${JSON.stringify(["unsubscribe", channel])}`,
  },
};
