import type { ServerLimits } from "../core/server-limits.ts";
import { limits } from "@sealcast/protocol";
import { choice, text, toggle, whole, type OptionTable } from "./option.ts";
import type { ServerConfig } from "./server-config.ts";

/** The options of the whole process by key. */
export type ServerOptionValues = Pick<ServerConfig, "host" | "port" | "logLevel"> & ServerLimits;

/**
 * Every option of the whole process, in the order of `--help`. The key is the name in the configuration file; the names
 * of flag and environment variable follow from it.
 */
export const serverOptions = {
  host: text(/^[^\s/]+$/, "a host name or IP address", {
    default: "127.0.0.1",
    doc: "Address to listen on. Anything but loopback needs credentials of your own.",
  }),
  port: whole(0, 65_535, { default: 6001, doc: "TCP port for clients and the HTTP API; 0 takes any free one." }),
  logLevel: choice(["debug", "info", "warn", "error", "silent"], {
    default: "info",
    doc: "How much is logged to stderr, as one JSON object per line. Never payloads or secrets.",
  }),
  activityTimeoutSeconds: whole(1, 86_400, {
    unit: "seconds",
    default: limits.activityTimeoutSeconds,
    doc: "Silence after which clients, and then the server, ask whether the other end is alive.",
  }),
  pongTimeoutSeconds: whole(1, 3_600, {
    unit: "seconds",
    default: limits.pongTimeoutSeconds,
    doc: "How long the server waits for the answer before it closes the connection.",
  }),
  handshakeTimeoutSeconds: whole(1, 300, {
    unit: "seconds",
    default: 10,
    doc: "How long a client may take to send a request or to ask for a WebSocket.",
  }),
  authorizationTimeoutSeconds: whole(1, 3_600, {
    unit: "seconds",
    default: 30,
    doc: "How long a connection of an app with `authorizedConnections` may stay unauthorized.",
  }),
  maxFrameBytes: whole(0, 16_777_216, {
    unit: "bytes",
    default: 0,
    doc: "Largest message from a client. 0: the largest `maxEventBytes` of all apps at the start, plus 4 KiB.",
  }),
  maxSubscriptionsPerConnection: whole(1, 100_000, { default: 1_000, doc: "Most channels of one connection." }),
  maxMessagesPerSecond: whole(0, 1_000_000, {
    default: 2_000,
    doc: "Messages of any kind that one connection may send in a second. 0: no limit. Keep it above `maxSubscriptionsPerConnection`: clients subscribe to everything at once when they reconnect.",
  }),
  maxOutboxBytes: whole(65_536, 1_073_741_824, {
    unit: "bytes",
    default: 4_194_304,
    doc: "Bytes that may wait for one connection before it is closed as too slow.",
  }),
  maxBufferedBytes: whole(1_048_576, 1_099_511_627_776, {
    unit: "bytes",
    default: 268_435_456,
    doc: "Bytes that may wait for all connections together before publishes and new connections are refused.",
  }),
  compression: toggle({
    default: false,
    doc: "Offer permessage-deflate to clients: fewer bytes for much more CPU and memory.",
  }),
  drainSeconds: whole(0, 300, {
    unit: "seconds",
    default: 3,
    doc: "Over how many seconds SIGTERM spreads the closing of connections.",
  }),
} satisfies OptionTable<ServerOptionValues>;
