import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { channelKinds, traitsOf } from "./channel-kind.ts";

// kind, a name of it, joined by, members, encryption, cached, client events, subscription count
const truthTable = [
  ["private-encrypted-cache", "private-encrypted-cache-a", "signature", false, "nacl-secretbox", true, true, true],
  ["private-encrypted", "private-encrypted-a", "signature", false, "nacl-secretbox", false, true, true],
  ["private-cache-sealed", "private-cache-sealed-a", "signature", false, "sealed", true, true, true],
  ["private-sealed", "private-sealed-a", "signature", false, "sealed", false, true, true],
  ["presence-cache-sealed", "presence-cache-sealed-a", "signature", true, "sealed", true, true, false],
  ["presence-sealed", "presence-sealed-a", "signature", true, "sealed", false, true, false],
  ["private-cache", "private-cache-a", "signature", false, "none", true, true, true],
  ["private", "private-a", "signature", false, "none", false, true, true],
  ["presence-cache", "presence-cache-a", "signature", true, "none", true, true, false],
  ["presence", "presence-a", "signature", true, "none", false, true, false],
  ["cache", "cache-a", "none", false, "none", true, false, true],
  ["server-to-user", "#server-to-user-a", "owner", false, "none", false, false, false],
  ["public", "a", "none", false, "none", false, false, true],
] as const;

describe("kind of a channel", () => {
  test.each(truthTable)(
    "[KIND1] %s: the traits of %s",
    (kind, name, auth, members, encryption, cached, clientEvents, subscriptionCount) => {
      expect(traitsOf(name)).toMatchObject({
        kind,
        auth,
        members,
        encryption,
        cached,
        clientEvents,
        subscriptionCount,
      });
    },
  );

  test("[KIND1] the table above has every kind", () => {
    expect(truthTable.map(([kind]) => kind)).toEqual(channelKinds.map(({ kind }) => kind));
  });

  test.each([
    // Prefixes count only at the start, with their dash and in lower case.
    ["my-private-a", "public"],
    ["my-cache-a", "public"],
    ["xpresence-a", "public"],
    ["private", "public"],
    ["presence", "public"],
    ["cache", "public"],
    ["private_a", "public"],
    ["Private-a", "public"],
    ["PRESENCE-a", "public"],
    ["encrypted-a", "public"],
    ["encrypted-cache-a", "public"],
    ["server-to-user-a", "public"],
    ["cache-private-a", "cache"],
    ["cache-presence-a", "cache"],
    ["private-", "private"],
    ["private-presence-a", "private"],
    ["private-cache", "private"],
    ["private-my-cache-a", "private"],
    ["private-encrypted", "private"],
    ["private-cache-encrypted-a", "private-cache"],
    ["private-cache-private-encrypted-a", "private-cache"],
    ["private-encrypted-", "private-encrypted"],
    ["private-encrypted-cache", "private-encrypted"],
    ["private-encrypted-my-cache-a", "private-encrypted"],
    ["presence-encrypted-a", "presence"],
    ["presence-private-a", "presence"],
    ["presence-cache", "presence"],
    ["constructor", "public"],
    ["__proto__", "public"],
  ])("[KIND1] %s is %s", (name, kind) => {
    expect(traitsOf(name).kind).toBe(kind);
  });

  test("[KIND1] the longest prefix that fits decides, for any name", () => {
    const parts = fc.constantFrom("private-", "presence-", "encrypted-", "cache-", "#server-to-user-", "a", "-");
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 5 }), (chosen) => {
        const name = chosen.join("");
        const fitting = channelKinds.filter(({ prefix }) => name.startsWith(prefix));
        const longest = Math.max(...fitting.map(({ prefix }) => prefix.length));
        expect(traitsOf(name).prefix).toHaveLength(longest);
      }),
    );
  });
});
