import { channelKinds, limits, traitsOf } from "@sealcast/protocol";
import { expect, test } from "vitest";
import { SealcastError } from "../sealcast-error.ts";
import type { ChannelHost } from "./channel-host.ts";
import { longestName } from "./channel.ts";
import { createChannel } from "./create-channel.ts";

const host = { options: { sealed: true } } as ChannelHost;
const names = channelKinds
  .map(({ prefix }) => `${prefix}x`)
  .concat("privately", "my-private-x", "presence", "private-encryptedx", "cache-private-x")
  .filter((name) => !name.startsWith("#"));

test.each(names)("%s has the parts of its kind", (name) => {
  const { encryption, members } = traitsOf(name);
  const channel = createChannel(name, host);
  expect(channel.name).toBe(name);
  expect("members" in channel).toBe(members);
  expect("counters" in channel).toBe(encryption !== "none");
});

test.each(["private-sealed-x", "presence-cache-sealed-x"])("%s is ordinary without the option `sealed`", (name) => {
  expect("counters" in createChannel(name, { options: {} } as ChannelHost)).toBe(false);
});

test("a name is refused without a request only if no server accepts it", () => {
  expect(longestName).toBe(limits.channelNameLengthCeiling);
});

test.each(["#server-to-user-1", "#", "#x"])("%s cannot be subscribed to", (name) => {
  expect(() => createChannel(name, host)).toThrow(
    new SealcastError("invalid-argument", `Cannot create a channel with name "${name}".`),
  );
});
