import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseChannelGrant } from "./channel-grant.ts";

interface Vector {
  readonly comment: string;
  readonly clientInput?: unknown;
  readonly response?: unknown;
  readonly result?: "accept" | "reject";
}
const vectors = JSON.parse(
  readFileSync(new URL("../../../../vectors/secretbox-channels.json", import.meta.url), "utf8"),
) as { readonly authResponse: readonly Vector[] };

const secret = `${"A".repeat(43)}=`;
const other = `${"B".repeat(42)}A=`;

describe("the answer of an endpoint", () => {
  test.each(vectors.authResponse)("$comment", ({ clientInput, response, result = "accept" }) => {
    const grant = parseChannelGrant(clientInput ?? response);
    expect(grant?.auth).toBeTypeOf("string");
    expect(grant?.secrets).toHaveLength(result === "accept" ? 1 : 0);
  });

  test.each([
    ["nothing but auth", { auth: "k:s" }, { auth: "k:s", secrets: [] }],
    ["channel data", { auth: "k:s", channel_data: "{}" }, { auth: "k:s", channelData: "{}", secrets: [] }],
    ["a lifetime", { auth: "k:s", ttl_ms: 5_000 }, { auth: "k:s", secrets: [], ttlMs: 5_000 }],
    ["an old key", { auth: "k:s", shared_secret: secret }, { auth: "k:s", secrets: [secret] }],
    [
      "several keys, which count instead of the one",
      { auth: "k:s", shared_secret: secret, e2e: { v: 1, now: 1, secrets: [other, secret, "?"], refresh_ms: 9 } },
      { auth: "k:s", secrets: [other, secret], refreshMs: 9 },
    ],
    [
      "keys of a later version",
      { auth: "k:s", shared_secret: secret, e2e: { v: 9 } },
      { auth: "k:s", secrets: [secret] },
    ],
    ["wrong types", { auth: "k:s", channel_data: {}, ttl_ms: "5", e2e: [] }, { auth: "k:s", secrets: [] }],
    ["negative times", { auth: "k:s", ttl_ms: -1, e2e: { refresh_ms: 0 } }, { auth: "k:s", secrets: [] }],
  ])("with %s", (_, answer, grant) => {
    expect(parseChannelGrant(answer)).toEqual({
      channelData: undefined,
      refreshMs: undefined,
      ttlMs: undefined,
      ...grant,
    });
  });

  test.each([[null], [undefined], [[]], ["auth"], [7], [{}], [{ auth: 7 }], [{ auth: null }]])(
    "%j grants nothing",
    (answer) => {
      expect(parseChannelGrant(answer)).toBeUndefined();
    },
  );

  test("does not read inherited properties of an answer", () => {
    expect(parseChannelGrant(JSON.parse('{"__proto__":{"auth":"k:s"}}'))).toBeUndefined();
  });

  test("takes nothing for a key that cannot become text", () => {
    const hostile = { toString: null };
    expect(
      parseChannelGrant({ auth: "k:s", shared_secret: hostile, e2e: { secrets: [hostile, [hostile]] } })?.secrets,
    ).toEqual([]);
  });

  test("may be anything", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (channelData, endToEnd) => {
        const grant = parseChannelGrant({ auth: "k:s", channel_data: channelData, e2e: endToEnd, ttl_ms: channelData });
        expect(grant?.secrets.every((text) => text.length === 44 || text.length === 43)).toBe(true);
      }),
    );
  });
});
