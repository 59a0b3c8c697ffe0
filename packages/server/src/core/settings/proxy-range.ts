import { z } from "zod";

const form = 'an IP address, a range such as "10.0.0.0/8", "loopback" or "private"';
const { ipv4, ipv6, cidrv4, cidrv6 } = z.regexes;

/** An entry of `trustedProxies`. */
export const proxyRange = z
  .string(form)
  .refine((text) => text === "loopback" || text === "private" || isAddressOrRange(text), form);

/** Describes the whole list. */
export const proxyRangesForm = `a list; each entry is ${form}`;

function isAddressOrRange(text: string): boolean {
  return [ipv4, ipv6, cidrv4, cidrv6].some((pattern) => pattern.test(text));
}
