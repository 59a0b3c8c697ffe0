import { limits } from "@sealcast/protocol";
import { z } from "zod";
import { engineSettings } from "./engine-settings.ts";
import { proxyRange, proxyRangesForm } from "./proxy-range.ts";
import { onOff, oneOf, textList, textSetting, wholeNumber } from "./setting.ts";

/** An IPv6 address as sockets take it. */
const withoutBrackets = (host: string): string => /^\[(.+)\]$/.exec(host)?.[1] ?? host;

/**
 * Every setting of the whole process, in the order of `--help`. The name is the one in the configuration file; the names
 * of the flag and the environment variable follow from it.
 */
export const serverSettings = z.strictObject({
  host: textSetting(/^[^\s/]+$/, "a host name or IP address", {
    default: "127.0.0.1",
    doc: "Address to listen on. Every address except loopback requires credentials of your own.",
    normalize: withoutBrackets,
  }),
  port: wholeNumber(0, 65_535, {
    default: 6001,
    doc: "TCP port for clients and the HTTP API. 0: any free port.",
  }),
  workers: wholeNumber(1, 256, {
    default: 1,
    doc: "Processes that share the port, to use more than one core. More than one needs the engine `redis`, as they share nothing else. See [several servers](cluster.md).",
  }),
  logLevel: oneOf(["debug", "info", "warn", "error", "silent"], {
    default: "info",
    doc: "Least severe level that is logged to stderr, as one JSON object per line. Lines never hold payloads or secrets.",
  }),
  activityTimeoutSeconds: wholeNumber(1, 86_400, {
    unit: "seconds",
    default: limits.activityTimeoutSeconds,
    doc: "Silence after which clients, and then the server, send a ping. Sent to clients as `activity_timeout`.",
  }),
  pongTimeoutSeconds: wholeNumber(1, 3_600, {
    unit: "seconds",
    default: limits.pongTimeoutSeconds,
    doc: "How long the server waits for the answer to its ping.",
    limit: {
      protects:
        "The process and other members: connections of vanished clients would hold memory and stay on member lists.",
      pays: "The silent client.",
      answer: "Its connection is closed (4201).",
    },
  }),
  trustedProxies: textList(proxyRange, proxyRangesForm, {
    default: ["loopback", "private"],
    doc: "Proxies whose `X-Forwarded-Proto` (for `forceTls`) and `X-Forwarded-For` (addresses of clients, in the log and the console) are believed; from all other addresses these headers are ignored. `loopback` stands for 127.0.0.0/8 and ::1, `private` for 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7 and the link-local ranges.",
  }),
  handshakeTimeoutSeconds: wholeNumber(1, 300, {
    unit: "seconds",
    default: 10,
    doc: "How long a client may take to send an HTTP request, a WebSocket handshake or, over SockJS, its path.",
    limit: {
      protects: "The process: slow senders would hold sockets and memory.",
      pays: "The slow client.",
      answer: "Its connection is closed.",
    },
  }),
  keepAliveSeconds: wholeNumber(1, 86_400, {
    unit: "seconds",
    default: 620,
    doc: "How long an HTTP connection may wait for its next request. Keep it above the idle timeout of the load balancer (600 s at Google, 60 s at AWS by default), or requests meet a closing connection. Under Bun at most 255.",
    limit: {
      protects: "The process: idle connections hold sockets and memory.",
      pays: "The idle client.",
      answer: "Its connection is closed.",
    },
  }),
  authorizationTimeoutSeconds: wholeNumber(1, 3_600, {
    unit: "seconds",
    default: 30,
    doc: "How long a connection of an app with `authorizedConnections` may stay unauthorized.",
    limit: {
      protects: "The app: connections that nobody authorized count against `maxConnections`.",
      pays: "The unauthorized client.",
      answer: "Its connection is closed (4009).",
    },
  }),
  maxFrameBytes: wholeNumber(0, 16_777_216, {
    unit: "bytes",
    default: 0,
    doc: "Size of the largest message from a client that is read at all; other limits refuse smaller ones politely. 0: six times the largest `maxEventBytes` or `maxMemberBytes` of all apps, as JSON may escape every character, plus 64 KiB.",
    limit: {
      protects: "The process: a message is held in memory until it is complete.",
      pays: "The sender.",
      answer: "Its connection is closed (1009).",
    },
  }),
  maxSubscriptionsPerConnection: wholeNumber(1, 100_000, {
    default: 1_000,
    doc: "Channels of one connection.",
    limit: {
      protects: "The process: each subscription takes memory.",
      pays: "The client.",
      answer: "Its further subscriptions are refused; the connection stays open.",
    },
  }),
  repeatedSubscriptionsPerSecond: wholeNumber(0, 100_000, {
    default: 20,
    doc: "Subscriptions that one connection may begin per second in the place of ones that it ended. The first subscriptions do not count, nor do those that are announced to nobody. 0: no limit.",
    limit: {
      protects: "The other subscribers: each subscription and its end may be announced to all of them.",
      pays: "The client.",
      answer: "Its further messages wait until the next second.",
    },
  }),
  maxMessagesPerSecond: wholeNumber(0, 1_000_000, {
    default: 2_000,
    doc: "Messages of any kind that one connection may send per second. 0: no limit. Keep it above `maxSubscriptionsPerConnection`: clients subscribe to all their channels at once when they reconnect.",
    limit: {
      protects: "All other clients: CPU of the process.",
      pays: "The sender.",
      answer: "Its connection is closed (4102).",
    },
  }),
  maxOutboxBytes: wholeNumber(65_536, 1_073_741_824, {
    unit: "bytes",
    default: 4_194_304,
    doc: "Bytes that may wait to be sent to one connection that does not make progress. A burst may be larger while its client keeps reading.",
    limit: {
      protects: "The process: a client that does not read would fill its memory.",
      pays: "The slow client.",
      answer: "Its connection is closed (4101) after a second without progress, or ten seconds above the limit.",
    },
  }),
  stalledSeconds: wholeNumber(1, 3_600, {
    unit: "seconds",
    default: 30,
    doc: "How long a connection with unsent bytes may take none of them, however few they are. Pings do not count.",
    limit: {
      protects: "The process: clients that never read would hold memory for as long as they send pings.",
      pays: "The client that does not read.",
      answer: "Its connection is closed (4101).",
    },
  }),
  maxBufferedBytes: wholeNumber(1_048_576, 1_099_511_627_776, {
    unit: "bytes",
    default: 268_435_456,
    doc: "Bytes that may wait to be sent to all connections together.",
    limit: {
      protects: "The process: it would run out of memory.",
      pays: "The clients that do not read and hold the most.",
      answer:
        "Their connections are cut until less waits. Only if that is not enough are publishes (503) and new connections (4100) refused.",
    },
  }),
  compression: onOff({
    default: false,
    doc: "Offer permessage-deflate to clients: fewer bytes for much more CPU and memory.",
  }),
  dataDirectory: textSetting(/^[^\0]{1,1000}$/, "the path of a folder", {
    default: "sealcast-data",
    doc: "Folder of what the server keeps on disk, relative to the working directory. It is created when an app has webhooks; without webhooks nothing is written.",
  }),
  adminToken: textSetting(/^(?:[!-~]{32,200})?$/, "text of 32 to 200 characters without spaces", {
    default: "",
    doc: "Token of the [admin API](admin-api.md). Empty: there is no admin API. Set it as an environment variable rather than as a flag, which other users of the machine can see.",
  }),
  appDatabase: textSetting(
    /^(?:sqlite:[^\0]{1,1000}|(?:postgres(?:ql)?|mysql|mariadb):\/\/\S{1,1000})?$/,
    "a URL that begins with sqlite:, postgresql://, mysql:// or mariadb://",
    {
      default: "",
      doc: "Database of the [apps](apps.md), which the admin API can then change while servers run: `sqlite:FILE`, `postgresql://USER:PASSWORD@HOST:PORT/NAME`, `mysql://…` or `mariadb://…`. Empty: the apps are those of the configuration. Prefer the environment variable if it holds a password.",
    },
  ),
  appSecretKeys: textSetting(
    /^(?:[A-Za-z0-9+/]{43}=(?:,[A-Za-z0-9+/]{43}=)*)?$/,
    "keys of 32 bytes in base64, separated by commas",
    {
      default: "",
      doc: "Keys under which the secrets in `appDatabase` are encrypted (`openssl rand -base64 32` makes one). The first encrypts, each of them decrypts. Empty: the secrets are stored as they are. Set it as an environment variable only.",
    },
  ),
  allowPrivateWebhookTargets: onOff({
    default: false,
    doc: "Send webhooks also to loopback, private and link-local addresses. Anyone who can configure an app can then send requests to every address that the server can reach.",
  }),
  console: onOff({
    default: true,
    doc: "Serves the console at /console, if there are `operators` or `oidc` in the file, or the example credentials are used.",
  }),
  metricsPort: wholeNumber(0, 65_535, {
    default: 0,
    doc: "TCP port for `GET /metrics`, on `metricsHost`, apart from all other requests. 0: the metrics are on `port`, if there is a `metricsToken` or the example credentials are used. See [metrics](metrics.md).",
  }),
  metricsHost: textSetting(/^[^\s/]+$/, "a host name or IP address", {
    default: "127.0.0.1",
    doc: "Address to listen on for `metricsPort`.",
    normalize: withoutBrackets,
  }),
  metricsToken: textSetting(/^(?:[!-~]{16,200})?$/, "text of 16 to 200 characters without spaces", {
    default: "",
    doc: "Token that requests for the metrics must carry as `Authorization: Bearer`. Empty: everybody who reaches `metricsPort` may read them.",
  }),
  fastPath: onOff({
    default: true,
    doc: "Read simple publishes and WebSocket handshakes with the server's own parser, twice as fast as `node:http`. Turn it off (`--no-fast-path`) if you suspect it of an error. No effect under Bun.",
  }),
  drainDelaySeconds: wholeNumber(0, 300, {
    unit: "seconds",
    default: 0,
    doc: "Period after SIGTERM during which `/health/ready` answers 503 and everything else works as before. Give load balancers time to notice.",
  }),
  drainSeconds: wholeNumber(0, 300, {
    unit: "seconds",
    default: 3,
    doc: "Period over which the server closes its connections after SIGTERM.",
  }),
  engine: engineSettings.kind,
  engineUrl: engineSettings.url,
  engineCluster: engineSettings.cluster,
  engineSentinelPrimary: engineSettings.sentinelPrimary,
  enginePrefix: engineSettings.prefix,
  engineLeaseSeconds: engineSettings.leaseSeconds,
});

/** The settings of the whole process. */
export type ServerSettings = Readonly<z.infer<typeof serverSettings>>;

/** The settings of a process whose configuration sets none. */
export const defaultServerSettings: ServerSettings = serverSettings.parse({});
