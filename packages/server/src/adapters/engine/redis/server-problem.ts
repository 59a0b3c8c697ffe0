/** Oldest usable version of Redis: the first one with sharded publish/subscribe. Valkey has had it from its beginning. */
const oldestMajor = 7;

/**
 * Reads what `INFO` says and returns why the server cannot be used and what to do, or undefined if it can.
 *
 * @param wantsCluster whether the configuration says that it is a Redis Cluster.
 */
export function serverProblem(info: string, wantsCluster: boolean): string | undefined {
  const fields = new Map(
    info.split(/\r?\n/).map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
  const version = fields.get("redis_version") ?? "unknown";
  if (!fields.has("valkey_version") && Number.parseInt(version, 10) < oldestMajor) {
    return `Redis ${version} is too old: expected ${oldestMajor}.0 or newer, or Valkey. Upgrade Redis.`;
  }
  const isCluster = fields.get("cluster_enabled") === "1";
  if (isCluster !== wantsCluster) {
    return isCluster
      ? 'The Redis server belongs to a Redis Cluster. Set "cluster" of the engine to true.'
      : 'The Redis server does not belong to a Redis Cluster. Set "cluster" of the engine to false.';
  }
  const policy = fields.get("maxmemory_policy") ?? "noeviction";
  if (policy.startsWith("allkeys-")) {
    return `Redis may evict any key when its memory is full (maxmemory-policy ${policy}), which would lose subscriptions. Set maxmemory-policy to noeviction.`;
  }
  if (fields.get("role") === "slave")
    return "The Redis server is a read-only replica. Connect to the primary, or to Sentinel.";
  return undefined;
}
