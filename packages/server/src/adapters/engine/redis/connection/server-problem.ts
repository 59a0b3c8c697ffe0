import { EngineStartError } from "../../../../core/errors/engine-start-error.ts";
import type { RedisAddress } from "./redis-connection.ts";

/** Oldest usable version of Redis: the first one with sharded publish/subscribe. Valkey has had it from its beginning. */
const oldestMajor = 7;

/** Reads the answer to `INFO` and returns why the server cannot be used, or undefined if it can. */
export function serverProblem(info: string, { cluster }: Pick<RedisAddress, "cluster">): EngineStartError | undefined {
  const fields = new Map(
    info.split(/\r?\n/).map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
  const version = fields.get("redis_version") ?? "of an unknown version";
  if (!fields.has("valkey_version") && Number.parseInt(version, 10) < oldestMajor) {
    return new EngineStartError(`Redis ${oldestMajor}.0 or newer, or Valkey`, `Redis ${version}`, "Upgrade Redis.");
  }
  const isCluster = fields.get("cluster_enabled") === "1";
  if (isCluster !== cluster) return isCluster ? partOfCluster : noCluster;
  if (fields.get("role") === "slave") {
    return new EngineStartError(
      "a Redis server that accepts writes",
      "a read-only replica",
      "Set the URL of the engine to the primary, or use Sentinel.",
    );
  }
  const policy = fields.get("maxmemory_policy") ?? "noeviction";
  if (!policy.startsWith("allkeys-")) return undefined;
  return new EngineStartError(
    "a Redis server that never removes keys by itself",
    `maxmemory-policy ${policy}, which would lose subscriptions when memory is full`,
    "Set maxmemory-policy of Redis to noeviction.",
  );
}

/** Returns why a connection failed. */
export function connectionProblem(error: unknown, { url }: RedisAddress): EngineStartError {
  const place = placeOf(url);
  const { code = "", text } = partsOf(error);
  const failure = networkFailures.get(code);
  if (failure !== undefined) {
    return new EngineStartError(
      `a Redis server at ${place}`,
      failure,
      "Start Redis, or correct the URL of the engine.",
    );
  }
  if (/^(WRONGPASS|NOAUTH|ERR AUTH|ERR Client sent AUTH)/.test(text)) {
    return new EngineStartError(
      `to sign in to Redis at ${place}`,
      text.startsWith("NOAUTH") ? "a Redis server that requires a password" : "a refusal of the user or password",
      "Correct user and password in the URL of the engine: redis://USER:PASSWORD@HOST:PORT.",
    );
  }
  if (text.startsWith("NOPERM")) {
    return new EngineStartError(
      `a Redis user that may use all keys and topics of the engine at ${place}`,
      "a user without these permissions",
      "Give the user the permissions that docs/cluster.md lists.",
    );
  }
  if (text.includes("cluster support disabled")) return noCluster;
  if (text.includes("'SENTINEL'")) {
    return new EngineStartError(
      `Redis Sentinel at ${place}`,
      "a Redis server",
      "Set the URL of the engine to a Sentinel, or remove sentinelPrimary.",
    );
  }
  if (text.includes("timeout")) {
    return new EngineStartError(
      `a Redis server at ${place}`,
      "no answer in time",
      "Check address and firewall, and whether the server uses TLS: rediss:// with TLS, redis:// without.",
    );
  }
  return new EngineStartError(`a Redis server at ${place}`, `an error (${text})`, "See docs/cluster.md.");
}

const noCluster = new EngineStartError(
  "a Redis Cluster",
  "a single Redis server",
  "Set cluster of the engine to false, or the URL to a node of the cluster.",
);

/** Nodes of a cluster that was not created. */
export const emptyCluster = new EngineStartError(
  "a Redis Cluster whose nodes serve all hash slots",
  "a node without hash slots",
  "Create the cluster with redis-cli --cluster create.",
);

const partOfCluster = new EngineStartError(
  "a single Redis server",
  "a node of a Redis Cluster",
  "Set cluster of the engine to true.",
);

const networkFailures: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "a refused connection"],
  ["ECONNRESET", "a connection that was closed at once; does the server use TLS (rediss://)?"],
  ["ENOTFOUND", "a host name that does not exist"],
  ["EAI_AGAIN", "a host name that cannot be looked up at the moment"],
  ["ETIMEDOUT", "no answer"],
  ["EHOSTUNREACH", "a host that cannot be reached"],
  ["ENETUNREACH", "a host that cannot be reached"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "a certificate of an unknown authority; name it in NODE_EXTRA_CA_CERTS"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "a self-signed certificate; name it in NODE_EXTRA_CA_CERTS"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "a certificate of an unknown authority; name it in NODE_EXTRA_CA_CERTS"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "a server without TLS; use redis://"],
]);

/** Host and port; the rest of a URL may hold a password. */
function placeOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === "" ? "6379" : port}`;
}

/** Several errors at once, one for each address of a host, have their details in the first of them. */
function partsOf(error: unknown): { readonly code: string | undefined; readonly text: string } {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return { code: undefined, text: "unknown" };
  const code = "code" in first && typeof first.code === "string" ? first.code : undefined;
  return { code, text: first.message };
}
