import { onOff, oneOf, textSetting, wholeNumber } from "./setting.ts";

/**
 * What the processes of a cluster share, and where. In the configuration file these settings are the object `engine`;
 * as a flag, `url` is `--engine-url`.
 */
export const engineSettings = {
  kind: oneOf(["memory", "redis"], {
    default: "memory",
    doc: "Where channels, members and users are kept. `memory`: in this process, which is then the only one. `redis`: in Redis or Valkey, for several processes and machines.",
  }),
  url: textSetting(/^rediss?:\/\/\S+$/, "a URL that begins with redis:// or rediss://", {
    default: "redis://127.0.0.1:6379",
    doc: "Address of Redis: `redis://USER:PASSWORD@HOST:PORT`, or `rediss://` for TLS. With Sentinel, the address of a Sentinel; with Redis Cluster, of any of its nodes. Prefer the environment variable if it holds a password: other users of the machine see flags.",
  }),
  cluster: onOff({
    default: false,
    doc: "Whether the URL leads to a Redis Cluster.",
  }),
  sentinelPrimary: textSetting(/^\S{0,100}$/, "text of at most 100 characters without spaces", {
    default: "",
    doc: "Name of the primary, if the URL leads to Redis Sentinel.",
  }),
  prefix: textSetting(/^[\w.:-]{1,50}$/, "text of 1 to 50 letters, digits, or any of _ . : -", {
    default: "sealcast",
    doc: "First part of every key and topic in Redis. Processes with the same prefix are one cluster.",
  }),
  leaseSeconds: wholeNumber(1, 300, {
    unit: "seconds",
    default: 10,
    doc: "Silence after which the other processes of a cluster give up what a process held. It is renewed three times in this period.",
  }),
} as const;
