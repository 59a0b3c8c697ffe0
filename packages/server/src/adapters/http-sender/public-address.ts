import ipaddr from "ipaddr.js";

/** Addresses that look public but belong to a cloud's own services. */
const cloudServices: ReadonlySet<string> = new Set([
  // Azure: DNS, health probes and the agent of the virtual machine.
  "168.63.129.16",
]);

/**
 * Returns whether an address is one of the public internet: not loopback, private, link-local, reserved, or an IPv6 form
 * that stands for such an IPv4 address. Cloud metadata services have link-local, private or shared addresses.
 *
 * @param address IPv4 or IPv6, in any notation; anything else is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return isPublicIpv4(parsed);
  if (parsed.isIPv4MappedAddress()) return isPublicIpv4(parsed.toIPv4Address());
  // NAT64 (RFC 6052): how a host without IPv4 reaches IPv4. The last four bytes are the IPv4 address.
  if (parsed.match(ipaddr.parseCIDR("64:ff9b::/96"))) {
    return isPublicIpv4(new ipaddr.IPv4(parsed.toByteArray().slice(12)));
  }
  // All of the public IPv6 internet is in 2000::/3; "unicast" leaves out tunnels and reserved blocks in it.
  return parsed.range() === "unicast" && parsed.match(ipaddr.parseCIDR("2000::/3"));
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === "unicast" && !cloudServices.has(address.toString());
}
