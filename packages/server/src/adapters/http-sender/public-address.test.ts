import { expect, test } from "vitest";
import { isPublicAddress } from "./public-address.ts";

const privateAddresses = {
  loopback: ["127.0.0.1", "127.255.255.254", "::1", "0.0.0.0", "0.1.2.3", "::"],
  private: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1", "fec0::1"],
  "link-local and metadata": [
    "169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
  ],
  "shared, reserved and test networks": [
    "100.64.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "203.0.113.5",
    "240.0.0.1",
    "255.255.255.255",
    "192.88.99.1",
    "2001:db8::1",
    "100::1",
    "2001:2::1",
    "3fff::1",
    "5f00::1",
  ],
  multicast: ["224.0.0.1", "ff02::1"],
  "IPv4 in IPv6": [
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:168.63.129.16",
    "::127.0.0.1",
    "::7f00:1",
    "::ffff:0:127.0.0.1",
  ],
  "translated and tunnelled": [
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "2001::1",
    "2001:10::1",
  ],
  "no address": ["", "localhost", "127.0.0.1.example", "[::1]", "1.2.3.4:80"],
};

test.each(Object.entries(privateAddresses).flatMap(([kind, list]) => list.map((address) => [kind, address])))(
  "%s: %s is not public",
  (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  },
);

test.each([
  "8.8.8.8",
  "1.1.1.1",
  "172.32.0.1",
  "100.63.255.255",
  "2606:4700::1111",
  "2a00:1450:4001::200e",
  "::ffff:8.8.8.8",
  "64:ff9b::808:808",
])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});
