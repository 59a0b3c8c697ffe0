import { expect, test } from "vitest";
import { TrustedProxies } from "./trusted-proxies.ts";

const byDefault = ["loopback", "private"];

test.each([
  { peer: "127.0.0.1", proto: "https", trusted: byDefault, secure: true },
  { peer: "127.9.9.9", proto: "wss", trusted: byDefault, secure: true },
  { peer: "::1", proto: "HTTPS", trusted: byDefault, secure: true },
  { peer: "::ffff:10.1.2.3", proto: "https", trusted: byDefault, secure: true },
  { peer: "172.31.0.1", proto: "https, http", trusted: byDefault, secure: true },
  { peer: "192.168.1.1", proto: "https", trusted: byDefault, secure: true },
  { peer: "169.254.1.1", proto: "https", trusted: byDefault, secure: true },
  { peer: "fd00::1", proto: "https", trusted: byDefault, secure: true },
  { peer: "fe80::1%eth0", proto: "https", trusted: byDefault, secure: true },
  { peer: "127.0.0.1", proto: "http, https", trusted: byDefault, secure: false },
  { peer: "127.0.0.1", proto: undefined, trusted: byDefault, secure: false },
  { peer: "172.32.0.1", proto: "https", trusted: byDefault, secure: false },
  { peer: "203.0.113.7", proto: "https", trusted: byDefault, secure: false },
  { peer: "::ffff:203.0.113.7", proto: "https", trusted: byDefault, secure: false },
  { peer: "2001:db8::1", proto: "https", trusted: byDefault, secure: false },
  { peer: "", proto: "https", trusted: byDefault, secure: false },
  { peer: "203.0.113.7", proto: "https", trusted: ["203.0.113.0/24"], secure: true },
  { peer: "203.0.113.7", proto: "https", trusted: ["203.0.113.7"], secure: true },
  { peer: "2001:db8::1", proto: "https", trusted: ["2001:db8::/32"], secure: true },
  { peer: "127.0.0.1", proto: "https", trusted: ["203.0.113.7"], secure: false },
  { peer: "127.0.0.1", proto: "https", trusted: [], secure: false },
])("[HTTP20] $proto from $peer, if $trusted are trusted: $secure", ({ peer, proto, trusted, secure }) => {
  expect(new TrustedProxies(trusted).isSecure(peer, proto)).toBe(secure);
});

test.each([
  { peer: "127.0.0.1", forwarded: "203.0.113.7", client: "203.0.113.7" },
  { peer: "127.0.0.1", forwarded: "198.51.100.1, 203.0.113.7, 10.0.0.2", client: "203.0.113.7" },
  { peer: "127.0.0.1", forwarded: "203.0.113.7:4711", client: "203.0.113.7" },
  { peer: "127.0.0.1", forwarded: "[2001:db8::7]:4711", client: "2001:db8::7" },
  { peer: "127.0.0.1", forwarded: "10.0.0.9", client: "10.0.0.9" },
  { peer: "127.0.0.1", forwarded: "unknown", client: "127.0.0.1" },
  { peer: "127.0.0.1", forwarded: "203.0.113.7, <script>", client: "127.0.0.1" },
  { peer: "127.0.0.1", forwarded: undefined, client: "127.0.0.1" },
  { peer: "198.51.100.1", forwarded: "203.0.113.7", client: "198.51.100.1" },
  { peer: "", forwarded: "203.0.113.7", client: "" },
])("[HTTP20] the client behind $peer with $forwarded is $client", ({ peer, forwarded, client }) => {
  expect(new TrustedProxies(byDefault).clientOf(peer, forwarded)).toBe(client);
});
