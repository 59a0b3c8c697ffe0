import { promises as dns } from "node:dns";
import { isIP } from "node:net";

/** Finds the addresses of a host. Rejects if there are none. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/**
 * Finds the addresses of a host: of a literal address itself, else by DNS, else by the system's own ways (`/etc/hosts`,
 * search domains). DNS comes first, because `getaddrinfo` occupies a thread of a small pool while a name server is silent,
 * and a silent one must not hold up the names of others.
 */
export function createResolver(timeoutMs = 1_500): ResolveHost {
  const resolver = new dns.Resolver({ timeout: timeoutMs, tries: 2 });
  return async (host) => {
    if (isIP(host) !== 0) return [host];
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    if (addresses.length > 0) return addresses;
    const found = await dns.lookup(host, { all: true });
    return found.map(({ address }) => address);
  };
}
