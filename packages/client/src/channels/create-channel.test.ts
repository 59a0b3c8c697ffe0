import { channelKinds, traitsOf } from "@sealcast/protocol";
import { expect, test } from "vitest";
import { SealcastError } from "../sealcast-error.ts";
import type { ChannelHost } from "./channel-host.ts";
import { createChannel, isEncrypted } from "./create-channel.ts";
import { EncryptedChannel } from "./encrypted-channel.ts";
import { PresenceChannel } from "./presence-channel.ts";
import { PrivateChannel } from "./private-channel.ts";

const host = {} as ChannelHost;
const names = channelKinds
  .map(({ prefix }) => `${prefix}x`)
  .concat("privately", "my-private-x", "presence", "private-encryptedx", "cache-private-x")
  .filter((name) => !name.startsWith("#"));

test.each(names)("%s has the class of its kind", (name) => {
  const { encryption, members, auth } = traitsOf(name);
  const channel = createChannel(name, host);
  expect(channel.name).toBe(name);
  expect(channel instanceof EncryptedChannel).toBe(encryption === "nacl-secretbox");
  expect(isEncrypted(name)).toBe(encryption === "nacl-secretbox");
  expect(channel instanceof PresenceChannel).toBe(members);
  expect(channel instanceof PrivateChannel).toBe(auth === "signature");
});

test.each(["#server-to-user-1", "#", "#x"])("%s cannot be asked for", (name) => {
  expect(() => createChannel(name, host)).toThrow(
    new SealcastError("invalid-argument", `Cannot create a channel with name "${name}".`),
  );
});
