import { BlockList, isIP } from "node:net";

const namedRanges: ReadonlyMap<string, readonly string[]> = new Map([
  ["loopback", ["127.0.0.0/8", "::1/128"]],
  // RFC 1918, RFC 4193, and the link-local ranges.
  ["private", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"]],
]);

/** The proxies whose `X-Forwarded-Proto` and `X-Forwarded-For` headers are believed. Anybody else could claim anything. */
export class TrustedProxies {
  readonly #ranges = new BlockList();

  /** @param entries IP addresses, ranges such as `10.0.0.0/8`, `loopback` and `private`. */
  constructor(entries: readonly string[]) {
    for (const range of entries.flatMap((entry) => namedRanges.get(entry) ?? [entry])) {
      const [address = "", bits] = range.split("/");
      const family = familyOf(address);
      if (bits === undefined) this.#ranges.addAddress(address, family);
      else this.#ranges.addSubnet(address, Number(bits), family);
    }
  }

  /**
   * Returns whether the client of a request uses TLS, as a proxy says.
   *
   * @param peer address of the other end of the connection.
   * @param forwardedProto `X-Forwarded-Proto`. A chain of proxies makes a list, the client's part of the way first.
   */
  isSecure(peer: string, forwardedProto: string | undefined): boolean {
    const protocol = forwardedProto?.split(",", 1)[0]?.trim().toLowerCase();
    return (protocol === "https" || protocol === "wss") && this.#includes(peer);
  }

  /**
   * Returns the address of the client of a request: the last one on its way that is not a trusted proxy.
   *
   * @param peer address of the other end of the connection.
   * @param forwardedFor `X-Forwarded-For`: each proxy appends the address from which it received the request.
   */
  clientOf(peer: string, forwardedFor: string | undefined): string {
    let client = peer;
    for (const hop of forwardedFor?.split(",").toReversed() ?? []) {
      if (!this.#includes(client)) break;
      const address = addressOf(hop.trim());
      if (address === undefined) break;
      client = address;
    }
    return client;
  }

  #includes(address: string): boolean {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
    return isIP(plain) !== 0 && this.#ranges.check(plain, familyOf(plain));
  }
}

/** An IP address out of `X-Forwarded-For`, which may have a port behind it; undefined if it is none. */
function addressOf(hop: string): string | undefined {
  const address = /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
  return isIP(address) === 0 ? undefined : address;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
